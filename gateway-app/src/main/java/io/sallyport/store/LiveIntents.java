package io.sallyport.store;

import io.sallyport.audit.RecordId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The intents of this process whose calls are under way. A writer may have to begin a new epoch
 * while they run; they are not open intents of a dead process and will get their own outcomes.
 */
final class LiveIntents {
    private final Set<Key> live = ConcurrentHashMap.newKeySet();

    private record Key(String log, RecordId id) {}

    void started(String log, RecordId id) {
        live.add(new Key(log, id));
    }

    void ended(String log, RecordId id) {
        live.remove(new Key(log, id));
    }

    boolean isLive(String log, RecordId id) {
        return live.contains(new Key(log, id));
    }
}
