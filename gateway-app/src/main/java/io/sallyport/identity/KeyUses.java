package io.sallyport.identity;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When each key was last shown to this gateway since it started. */
public final class KeyUses {
    /** By the id of a key that exists: as many as there are keys. */
    private final Map<String, Instant> last = new ConcurrentHashMap<>();

    void used(ApiKey key, Instant now) {
        last.put(key.id(), now);
    }

    public Optional<Instant> last(String id) {
        return Optional.ofNullable(last.get(id));
    }
}
