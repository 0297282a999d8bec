package io.sallyport.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Asks of every missing payload, and of every payload whose key is missing, whether a later record
 * of the same log explains it: {@code audit.erase} names a subject as its target, {@code
 * audit.retention} names in {@code to} the last month that was dropped. Remembers one entry a key,
 * not one a payload.
 */
final class LossCheck {
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    private final Map<Sealing, Payloads> sealings = new HashMap<>();
    private final Map<String, Long> erasures = new HashMap<>();

    /**
     * Where each last month was dropped. One that a later record outdoes is left out, so that the
     * first month that is late enough is also the one that was dropped last.
     */
    private final NavigableMap<String, Long> retentions = new TreeMap<>();

    /** Notes that the leaf at {@code index} sealed something, and whether that is there. */
    void sealed(AuditRecord.Sealed sealed, boolean present, long index) {
        var sealing = new Sealing(sealed.subject(), sealed.month(), sealed.key());
        var payloads = sealings.computeIfAbsent(sealing, _ -> new Payloads());
        (present ? payloads.present : payloads.missing).add(index);
    }

    /** Notes what the leaf at {@code index} authorises. */
    void authorise(Leaf leaf, long index) {
        if (leaf.kind().equals(AuditRecord.Kind.AUDIT_ERASE.code())) {
            erasures.put(leaf.change().target(), index);
        } else if (leaf.kind().equals(AuditRecord.Kind.AUDIT_RETENTION.code())) {
            retire(leaf.change().to(), index);
        }
    }

    private void retire(String lastMonth, long index) {
        if (MONTH.matcher(lastMonth).matches()) {
            retentions.headMap(lastMonth, true).clear();
            retentions.put(lastMonth, index);
        }
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
        if (explains(sealing, payloads.missing.last)) {
            losses.erased += payloads.missing.count;
        } else {
            losses.lost += payloads.missing.count;
            losses.firstPayload = Math.min(losses.firstPayload, payloads.missing.first);
        }
    }

    private void weighKey(Losses losses, Sealing sealing, Span unreadable, boolean exists) {
        losses.present -= unreadable.count;
        if (explains(sealing, unreadable.last)) {
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

    private boolean explains(Sealing sealing, long lastLost) {
        boolean erased = erasures.getOrDefault(sealing.subject(), -1L) > lastLost;
        return erased && !sealing.subject().isEmpty() || retired(sealing.month(), lastLost);
    }

    private boolean retired(String month, long lastLost) {
        var retention = retentions.ceilingEntry(month);
        return retention != null
                && retention.getValue() > lastLost
                && MONTH.matcher(month).matches();
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
