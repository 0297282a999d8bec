package io.sallyport.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Asks of every missing payload, and of every payload whose key is missing, whether a later record
 * of the same log explains it. Whoever writes to the database can add a record behind the last
 * checkpoint, so one explains something only once a checkpoint covers it. Remembers one entry a
 * key, not one a payload.
 */
final class LossCheck {
    private final Map<Sealing, Payloads> sealings = new HashMap<>();
    private final Authorisations covered = new Authorisations();

    /** Those behind the last checkpoint so far. */
    private final Authorisations uncovered = new Authorisations();

    /** Notes that the leaf at {@code index} sealed something, and whether that is there. */
    void sealed(AuditRecord.Sealed sealed, boolean present, long index) {
        var sealing = new Sealing(sealed.subject(), sealed.month(), sealed.key());
        var payloads = sealings.computeIfAbsent(sealing, _ -> new Payloads());
        (present ? payloads.present : payloads.missing).add(index);
    }

    /** Notes what the leaf at {@code index} authorises, if a checkpoint comes to cover it. */
    void authorise(Leaf leaf, long index) {
        uncovered.add(leaf, index);
    }

    /** A checkpoint covers every record so far. */
    void cover() {
        uncovered.moveTo(covered);
    }

    /** Everything that is gone, when nothing is known of the keys. */
    Losses losses() {
        var losses = new Losses();
        sealings.forEach((sealing, payloads) -> weighPayloads(losses, sealing, payloads));
        return losses;
    }

    /**
     * Everything that is gone, a payload whose key does not open it too.
     *
     * @param keys all keys that still exist
     * @param usable those of them that open what they sealed
     */
    Losses losses(Set<String> keys, Set<String> usable) {
        var losses = losses();
        sealings.forEach((sealing, payloads) -> {
            if (payloads.present.count > 0 && !usable.contains(sealing.key())) {
                weighKey(losses, sealing, payloads.present, keys.contains(sealing.key()));
            }
        });
        return losses;
    }

    private void weighPayloads(Losses losses, Sealing sealing, Payloads payloads) {
        losses.present += payloads.present.count;
        if (payloads.missing.count == 0) {
            return;
        }
        if (isExplained(sealing, payloads.missing.last)) {
            losses.erased += payloads.missing.count;
        } else {
            losses.lost += payloads.missing.count;
            losses.firstPayload = Math.min(losses.firstPayload, payloads.missing.first);
        }
    }

    private void weighKey(Losses losses, Sealing sealing, Span unreadable, boolean exists) {
        losses.present -= unreadable.count;
        if (isExplained(sealing, unreadable.last)) {
            losses.erased += unreadable.count;
        } else {
            losses.lost += unreadable.count;
            if (exists) {
                losses.firstUnopened = Math.min(losses.firstUnopened, unreadable.first);
            } else {
                losses.firstKey = Math.min(losses.firstKey, unreadable.first);
            }
        }
    }

    private boolean isExplained(Sealing sealing, long lastLost) {
        return covered.explain(sealing.subject(), sealing.month(), lastLost);
    }

    /** What is gone; the first ones are those that nothing explains. */
    static final class Losses {
        private long present;
        private long erased;
        private long lost;
        private long firstPayload = LaneCheck.NOWHERE;
        private long firstKey = LaneCheck.NOWHERE;
        private long firstUnopened = LaneCheck.NOWHERE;

        OptionalLong firstPayload() {
            return place(firstPayload);
        }

        OptionalLong firstKey() {
            return place(firstKey);
        }

        /** First payload whose key is there and does not open it. */
        OptionalLong firstUnopened() {
            return place(firstUnopened);
        }

        Coverage.Payloads coverage(Coverage.Keys keys) {
            return new Coverage.Payloads(true, keys, present, erased, lost);
        }

        private static OptionalLong place(long index) {
            return index == LaneCheck.NOWHERE ? OptionalLong.empty() : OptionalLong.of(index);
        }
    }

    private record Sealing(String subject, String month, String key) {}

    private static final class Payloads {
        private final Span present = new Span();
        private final Span missing = new Span();
    }

    private static final class Span {
        private long first = LaneCheck.NOWHERE;
        private long last;
        private long count;

        void add(long index) {
            first = Math.min(first, index);
            last = index;
            count++;
        }
    }
}
