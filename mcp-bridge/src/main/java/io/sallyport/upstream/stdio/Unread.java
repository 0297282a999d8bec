package io.sallyport.upstream.stdio;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lines that a server has not read yet; one that reads nothing gets no more. */
final class Unread {
    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final Deque<byte[]> lines = new ArrayDeque<>();
    private long bytes;

    /** False if there are too many already, or too long ones. */
    synchronized boolean offer(byte[] line) {
        if (lines.size() == MOST || bytes + line.length > MOST_BYTES) {
            return false;
        }
        lines.addLast(line);
        bytes += line.length;
        notifyAll();
        return true;
    }

    /** The oldest one, when there is one; nobody can withdraw it any more. */
    synchronized byte[] take() throws InterruptedException {
        while (lines.isEmpty()) {
            wait();
        }
        var line = lines.removeFirst();
        bytes -= line.length;
        return line;
    }

    /** Whether this very line was still waiting: then the server never sees any of it. */
    synchronized boolean withdraw(byte[] line) {
        boolean waited = lines.removeFirstOccurrence(line); // arrays equal only themselves
        if (waited) {
            bytes -= line.length;
        }
        return waited;
    }
}
