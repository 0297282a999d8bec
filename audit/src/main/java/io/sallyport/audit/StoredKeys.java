package io.sallyport.audit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * The keys to payloads that a store still has.
 *
 * @param ids all of them, by id
 * @param opened those that open under the key that wraps them; empty where that key is not at hand
 *     and nothing was tried
 */
public record StoredKeys(Set<String> ids, Optional<Map<String, SecretKey>> opened) {
    public StoredKeys {
        ids = Set.copyOf(ids);
        opened = opened.map(Map::copyOf);
    }

    /** Keys of which nothing is known but that they are there. */
    public static StoredKeys unopened(Set<String> ids) {
        return new StoredKeys(ids, Optional.empty());
    }

    boolean haveBeenOpened() {
        return opened.isPresent();
    }

    /** Whether one was tried and does not open. */
    boolean someDoNotOpen() {
        return opened.filter(it -> it.size() < ids.size()).isPresent();
    }

    /** Those that, as far as is known, open payloads. */
    Set<String> usable() {
        return opened.map(Map::keySet).orElse(ids);
    }

    Optional<SecretKey> key(String id) {
        return opened.flatMap(it -> Optional.ofNullable(it.get(id)));
    }
}
