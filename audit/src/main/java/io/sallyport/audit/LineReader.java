package io.sallyport.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Reads lines as bytes, their newline included; of an over-long line only the beginning. */
final class LineReader implements Closeable {
    private final InputStream in;
    private final byte[] chunk = new byte[1 << 16];
    private int start;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next line; empty at the end. A line without a newline is the last one and has none, or is
     * longer than {@code limit} bytes and was cut there.
     */
    byte[] next(int limit) throws IOException {
        byte[] line = new byte[0];
        while (start < end || fill()) {
            int newline = indexOfNewline();
            int stop = newline < 0 ? end : newline + 1;
            line = append(line, stop, limit);
            if (newline >= 0) {
                return line;
            }
        }
        return line;
    }

    private byte[] append(byte[] line, int stop, int limit) {
        int taken = Math.min(stop - start, limit - line.length);
        byte[] longer = Arrays.copyOf(line, line.length + taken);
        System.arraycopy(chunk, start, longer, line.length, taken);
        start = stop;
        return longer;
    }

    private boolean fill() throws IOException {
        start = 0;
        end = Math.max(0, in.read(chunk));
        return end > 0;
    }

    private int indexOfNewline() {
        for (int i = start; i < end; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    void closeUnchecked() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
