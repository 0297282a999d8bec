package io.sallyport.upstream.stdio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * What a program says, until the program has ended. Others that it left behind may hold the stream
 * open as long as they like: who waits in a read for them waits with a thread, and so does the JDK,
 * which empties the stream of a process that ended. So nobody reads where nothing has come.
 */
final class LogStream extends FilterInputStream {
    private static final long PAUSE_MILLIS = 100;

    /** More than a pipe holds, so that all that it said itself is read. */
    private static final int MOST_READS_AFTER_END = 256;

    private final Process process;
    private int readsAfterEnd;

    LogStream(Process process, InputStream stream) {
        super(stream);
        this.process = process;
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
        var ended = !process.isAlive();
        while (in.available() == 0) {
            if (ended) {
                return false;
            }
            ended = hasEndedSoon();
        }
        return !ended || ++readsAfterEnd <= MOST_READS_AFTER_END;
    }

    private boolean hasEndedSoon() {
        try {
            return process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
