package io.sallyport.threads;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Work that waits, by key. The keys take turns; a key that has its share of the threads waits
 * although others are idle, so that there is always one for somebody else. A key is known only
 * while it has work.
 */
final class FairQueue {
    private final int maxRunningPerKey;
    private final int maxWaitingPerKey;
    private final int maxWaiting;

    /** In the order of their turns. */
    private final Map<String, Queue<PieceOfWork<?>>> waiting = new LinkedHashMap<>();

    private final Map<String, Integer> running = new HashMap<>();
    private int size;
    private boolean closed;

    FairQueue(int maxRunningPerKey, int maxWaitingPerKey, int maxWaiting) {
        this.maxRunningPerKey = maxRunningPerKey;
        this.maxWaitingPerKey = maxWaitingPerKey;
        this.maxWaiting = maxWaiting;
    }

    /** Whether there was a place for it. */
    synchronized boolean offer(PieceOfWork<?> piece) {
        var ofKey = waiting.computeIfAbsent(piece.key(), _ -> new ArrayDeque<>());
        if (closed || size >= maxWaiting || ofKey.size() >= maxWaitingPerKey) {
            forgetIfIdle(piece.key());
            return false;
        }
        ofKey.add(piece);
        size++;
        notifyAll();
        return true;
    }

    /** Waits for work whose key may have one more thread; empty once the queue is closed. */
    synchronized Optional<PieceOfWork<?>> take() throws InterruptedException {
        while (!closed) {
            var next = next();
            if (next.isPresent()) {
                return next;
            }
            wait();
        }
        return Optional.empty();
    }

    private Optional<PieceOfWork<?>> next() {
        for (var turn : waiting.entrySet()) {
            var key = turn.getKey();
            if (running.getOrDefault(key, 0) < maxRunningPerKey) {
                var ofKey = turn.getValue();
                var piece = ofKey.remove();
                waiting.remove(key);
                waiting.put(key, ofKey); // its next turn comes after everybody's
                forgetIfIdle(key);
                running.merge(key, 1, Integer::sum);
                size--;
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }

    private void forgetIfIdle(String key) {
        waiting.computeIfPresent(key, (_, ofKey) -> ofKey.isEmpty() ? null : ofKey);
    }

    /** The thread that took {@code piece} is free again. */
    synchronized void done(PieceOfWork<?> piece) {
        running.computeIfPresent(piece.key(), (_, count) -> count > 1 ? count - 1 : null);
        notifyAll();
    }

    /** Whether it was still waiting. */
    synchronized boolean withdraw(PieceOfWork<?> piece) {
        var ofKey = waiting.get(piece.key());
        if (ofKey == null || !ofKey.remove(piece)) {
            return false;
        }
        size--;
        forgetIfIdle(piece.key());
        return true;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
