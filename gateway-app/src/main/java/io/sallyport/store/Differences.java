package io.sallyport.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What rows need to be written so that a list that is on disk becomes another.
 *
 * @param gone keys of items that are there no more
 * @param written items that are new or others than before
 */
record Differences<K, T>(List<K> gone, List<T> written) {
    static <K, T> Differences<K, T> between(List<T> known, List<T> now, Function<T, K> key) {
        var before = new HashMap<K, T>();
        known.forEach(it -> before.put(key.apply(it), it));
        var written = new ArrayList<T>();
        Set<K> kept = new HashSet<>();
        for (var item : now) {
            kept.add(key.apply(item));
            if (!item.equals(before.get(key.apply(item)))) {
                written.add(item);
            }
        }
        var gone = before.keySet().stream().filter(it -> !kept.contains(it)).toList();
        return new Differences<>(gone, written);
    }

    /** The written items in pieces that one statement takes. */
    List<List<T>> pieces(int size) {
        var pieces = new ArrayList<List<T>>();
        for (int from = 0; from < written.size(); from += size) {
            pieces.add(written.subList(from, Math.min(written.size(), from + size)));
        }
        return pieces;
    }
}
