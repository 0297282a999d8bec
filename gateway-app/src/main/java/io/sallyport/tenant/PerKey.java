package io.sallyport.tenant;

import io.sallyport.identity.ApiKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was worked out for single keys of a tenant. A key that changed is another object, and worked
 * out anew.
 */
final class PerKey<V> {
    /**
     * Keys that are remembered at once. What is remembered for one key and server is some 200
     * bytes, so that 200 servers need at most 40 MB; what was forgotten costs 50 decisions.
     */
    private static final int MOST = 1_024;

    private final Map<String, Known<V>> known = new ConcurrentHashMap<>();

    private record Known<V>(ApiKey key, V value) {}

    /** The work may run more than once at a time, and must always come to the same. */
    V of(ApiKey key, Function<ApiKey, V> work) {
        var found = known.get(key.id());
        if (found != null && isSame(found.key(), key)) {
            return found.value();
        }
        var value = work.apply(key); // never inside the map: no other key waits for it
        makeRoom();
        known.put(key.id(), new Known<>(key, value));
        return value;
    }

    @SuppressWarnings("ReferenceEquality") // a key that was not read again is the same object
    private static boolean isSame(ApiKey one, ApiKey other) {
        return one == other;
    }

    /** Forgets a quarter at once, so that a crowd of keys does not search for room each time. */
    private void makeRoom() {
        if (known.size() < MOST) {
            return;
        }
        var keys = known.keySet().iterator();
        for (int gone = 0; gone < MOST / 4 && keys.hasNext(); gone++) {
            keys.next();
            keys.remove();
        }
    }

    int size() {
        return known.size();
    }
}
