package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one fresh list means for what was known of its items. */
final class ListRefresh<D extends Descriptor, V extends Vetted<D>, C extends CatalogItem<D, C>> {
    private final Map<Record, C> before = new LinkedHashMap<>();
    private final Map<Record, C> after = new LinkedHashMap<>();
    private final List<Drift> drifts = new ArrayList<>();
    private final Function<V, C> unseen;

    /**
     * @param unseen what becomes of an item that was not known
     */
    ListRefresh(List<C> known, List<V> fresh, Function<V, C> unseen) {
        this.unseen = unseen;
        known.forEach(item -> before.put(item.listed().ref(), item));
        fresh.forEach(this::see);
        known.forEach(this::keepIfMissing);
    }

    /** What the catalogue now holds, in the order of the list, missing items last. */
    List<C> items() {
        return List.copyOf(after.values());
    }

    /** Approved items that changed since the list before. */
    List<Drift> drifts() {
        return List.copyOf(drifts);
    }

    private void see(V item) {
        var ref = item.descriptor().ref();
        if (!after.containsKey(ref)) {
            var known = Optional.ofNullable(before.get(ref));
            known.ifPresent(old -> noteDrift(old, item.descriptor()));
            after.put(
                    ref, known.map(old -> renewed(old, item)).orElseGet(() -> unseen.apply(item)));
        }
    }

    private void keepIfMissing(C item) {
        if (item.pinned().isPresent() && !after.containsKey(item.listed().ref())) {
            var missing = item.seen(item.listed(), item.findings(), ToolStatus.MISSING);
            after.put(item.listed().ref(), missing);
        }
    }

    private C renewed(C known, V fresh) {
        return known.seen(fresh.descriptor(), fresh.findings(), status(known, fresh));
    }

    private ToolStatus status(C known, V fresh) {
        if (fresh.rejected()) {
            return ToolStatus.REJECTED;
        }
        return known.pinned()
                .map(pin ->
                        isSame(pin, fresh.descriptor()) && !isJudgedByLess(pin, known, fresh)
                                ? ToolStatus.APPROVED
                                : ToolStatus.CHANGED)
                .orElse(ToolStatus.PENDING_REVIEW);
    }

    /**
     * True if less of the approved schemas is judged than when they were approved, because the
     * gateway was upgraded: an admin confirms each such place, and until then it stays so.
     */
    private boolean isJudgedByLess(D pin, C known, V fresh) {
        return isSame(pin, known.listed())
                && (known.status() == ToolStatus.CHANGED
                        || !unjudged(known.findings()).containsAll(unjudged(fresh.findings())));
    }

    private static Set<String> unjudged(List<Finding> findings) {
        return findings.stream()
                .filter(Finding::leavesUnjudged)
                .map(Finding::pointer)
                .collect(Collectors.toSet());
    }

    private void noteDrift(C known, D fresh) {
        boolean movedNow = !isSame(known.listed(), fresh);
        known.pinned()
                .filter(pin -> movedNow && !isSame(pin, fresh))
                .map(pin -> DescriptorDiff.drift(pin, fresh))
                .ifPresent(drifts::add);
    }

    private static boolean isSame(Descriptor one, Descriptor other) {
        return one.digest().equals(other.digest());
    }
}
