package io.sallyport.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What records say of payloads that may be gone: {@code audit.erase} names a subject as its target,
 * {@code audit.retention} names in {@code to} the last month that was dropped. Each speaks of the
 * records before it.
 */
final class Authorisations {
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    /** Where each subject was erased last. */
    private final Map<String, Long> erasures = new HashMap<>();

    /**
     * Where each last month was dropped. One that a later record outdoes is left out, so that the
     * first month that is late enough is also the one that was dropped last.
     */
    private final NavigableMap<String, Long> retentions = new TreeMap<>();

    /** Notes what the leaf at {@code index} authorises; it follows those that were noted before. */
    void add(Leaf leaf, long index) {
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

    /** Hands everything on to those that were noted before. */
    void moveTo(Authorisations earlier) {
        earlier.erasures.putAll(erasures);
        retentions.descendingMap().forEach(earlier::retire); // the earliest record first
        erasures.clear();
        retentions.clear();
    }

    /** True if a record after {@code index} says that payloads of this subject or month may go. */
    boolean explain(String subject, String month, long index) {
        boolean erased = erasures.getOrDefault(subject, -1L) > index;
        return erased && !subject.isEmpty() || retired(month, index);
    }

    private boolean retired(String month, long index) {
        var retention = retentions.ceilingEntry(month);
        return retention != null && retention.getValue() > index && MONTH.matcher(month).matches();
    }
}
