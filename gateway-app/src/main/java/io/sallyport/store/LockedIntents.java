package io.sallyport.store;

import io.sallyport.recording.TrailEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The intents of tenants whose rules are being changed. They wait beside the batches, each as long
 * as its caller does, so that a slow change of one tenant delays no record of another. Used by the
 * writer's thread only.
 */
final class LockedIntents {
    /** Between two looks: a change takes milliseconds, and each look costs one statement. */
    private static final long PAUSE_NANOS = 20_000_000;

    /** Of one tenant; its further callers are refused at once. */
    private static final int MOST = 1_000;

    private final Map<String, List<PendingEntry>> waiting = new LinkedHashMap<>();
    private long due;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(List<PendingEntry> entries) {
        for (var entry : entries) {
            if (waiting.isEmpty()) {
                due = System.nanoTime() + PAUSE_NANOS;
            }
            var log = entry.entry().record().log();
            var others = waiting.computeIfAbsent(log, _ -> new ArrayList<>());
            if (others.size() < MOST) {
                others.add(entry);
            } else {
                entry.giveUp();
            }
        }
    }

    /**
     * Takes those out of a batch whose tenant is known to be locked: they would stop the others.
     */
    void takeFrom(List<PendingEntry> batch) {
        if (waiting.isEmpty()) {
            return;
        }
        var locked =
                batch.stream()
                        .filter(it -> it.entry() instanceof TrailEntry.Intent)
                        .filter(it -> waiting.containsKey(it.entry().record().log()))
                        .toList();
        batch.removeAll(locked);
        add(locked);
    }

    /** All that wait, if it is time to look again. */
    List<PendingEntry> takeDue() {
        if (waiting.isEmpty() || System.nanoTime() - due < 0) {
            return List.of();
        }
        var all = waiting.values().stream().flatMap(List::stream).toList();
        waiting.clear();
        return all;
    }
}
