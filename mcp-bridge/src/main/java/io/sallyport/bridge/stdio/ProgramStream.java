package io.sallyport.bridge.stdio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a program writes, until the program has ended. Others that it left behind may hold the
 * stream open as long as they like: who waits in a read for them waits with a thread, and so does
 * the JDK, which empties the stream of a process that ended. So nobody reads where nothing has
 * come; it is looked for, the less often the longer nothing has. That is 6 % of the time that an
 * answer takes.
 *
 * <p>The end of the stream is not seen before that of the program.
 */
final class ProgramStream extends FilterInputStream {
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** Many programs say nothing for hours. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int PART_OF_SILENCE = 16;

    /** More than a pipe holds, so that all that it said itself is read. */
    private static final int MOST_READS_AFTER_END = 256;

    private final Process process;
    private volatile long lastNews = System.nanoTime();
    private volatile Thread reader = Thread.currentThread();
    private int readsAfterEnd;

    ProgramStream(Process process, InputStream stream) {
        super(stream);
        this.process = process;
    }

    /** The program was told something, so that something may come soon. */
    void expect() {
        lastNews = System.nanoTime();
        LockSupport.unpark(reader);
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? super.read() : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
        return hasMore() ? super.read(bytes, from, most) : -1;
    }

    private boolean hasMore() throws IOException {
        reader = Thread.currentThread();
        var ended = !process.isAlive();
        while (in.available() == 0) {
            if (ended || reader.isInterrupted()) {
                return false;
            }
            pause();
            ended = !process.isAlive();
        }
        lastNews = System.nanoTime();
        return !ended || ++readsAfterEnd <= MOST_READS_AFTER_END;
    }

    private void pause() {
        var silence = System.nanoTime() - lastNews;
        var pause = Math.clamp(silence / PART_OF_SILENCE, SHORTEST_NANOS, LONGEST_NANOS);
        LockSupport.parkNanos(this, pause);
    }
}
