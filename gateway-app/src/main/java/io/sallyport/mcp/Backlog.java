package io.sallyport.mcp;

import java.util.AbstractQueue;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a slow client, bounded by count and by size: once so many bytes wait, nothing more
 * is taken. One message may go beyond them, so that a large answer is never refused alone.
 */
final class Backlog extends AbstractQueue<byte[]> {
    private final Queue<byte[]> waiting;
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;

    Backlog(int maxMessages, long maxBytes) {
        waiting = new ArrayBlockingQueue<>(maxMessages);
        this.maxBytes = maxBytes;
    }

    long bytes() {
        return bytes.get();
    }

    @Override
    public boolean offer(byte[] message) {
        if (bytes.get() >= maxBytes) {
            return false;
        }
        bytes.addAndGet(message.length); // before it can be taken
        boolean taken = waiting.offer(message);
        if (!taken) {
            bytes.addAndGet(-message.length);
        }
        return taken;
    }

    @Override
    public byte @Nullable [] poll() {
        var message = waiting.poll();
        if (message != null) {
            bytes.addAndGet(-message.length);
        }
        return message;
    }

    @Override
    public byte @Nullable [] peek() {
        return waiting.peek();
    }

    /** Of what waits now, to look at only. */
    @Override
    public Iterator<byte[]> iterator() {
        return Collections.unmodifiableCollection(waiting).iterator();
    }

    @Override
    public int size() {
        return waiting.size();
    }
}
