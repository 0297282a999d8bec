package io.sallyport.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Asks of every missing payload whether a later record of the same log explains it: {@code
 * audit.erase} names a subject as its target, {@code audit.retention} names in {@code to} the last
 * month that was dropped.
 */
final class LossCheck {
    private final Map<Sealing, Missing> missing = new HashMap<>();
    private final Map<String, Long> erasures = new HashMap<>();
    private final List<Retention> retentions = new ArrayList<>();

    /** Notes that the payload of the leaf at {@code index} is not there. */
    void missing(AuditRecord.Sealed sealed, long index) {
        missing.merge(
                new Sealing(sealed.subject(), sealed.month()),
                new Missing(index, index, 1),
                Missing::and);
    }

    /** Notes what the leaf at {@code index} authorises. */
    void authorise(Leaf leaf, long index) {
        if (leaf.kind().equals(AuditRecord.Kind.AUDIT_ERASE.code())) {
            erasures.put(leaf.change().target(), index);
        } else if (leaf.kind().equals(AuditRecord.Kind.AUDIT_RETENTION.code())) {
            retentions.add(new Retention(index, leaf.change().to()));
        }
    }

    /** Index of the first record of a key whose loss nothing explains. */
    OptionalLong firstUnauthorised() {
        return missing.entrySet().stream()
                .filter(lost -> !isAuthorised(lost.getKey(), lost.getValue()))
                .mapToLong(lost -> lost.getValue().first())
                .min();
    }

    long count() {
        return missing.values().stream().mapToLong(Missing::count).sum();
    }

    private boolean isAuthorised(Sealing sealing, Missing lost) {
        boolean erased = erasures.getOrDefault(sealing.subject(), -1L) > lost.last();
        return erased && !sealing.subject().isEmpty()
                || retentions.stream().anyMatch(r -> r.explains(sealing.month(), lost.last()));
    }

    private record Sealing(String subject, String month) {}

    private record Missing(long first, long last, long count) {
        Missing and(Missing later) {
            return new Missing(first, later.last, count + later.count);
        }
    }

    private record Retention(long index, String lastMonth) {
        private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

        boolean explains(String month, long lastMissing) {
            boolean months = MONTH.matcher(month).matches() && MONTH.matcher(lastMonth).matches();
            return months && index > lastMissing && month.compareTo(lastMonth) <= 0;
        }
    }
}
