package io.sallyport.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads lines as bytes, their newline included; of an over-long line only the beginning. */
final class LineReader implements Closeable {
    /** Most lines of an export fit. */
    private static final int USUAL = 1024;

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
        var line = new ByteArrayOutputStream(USUAL);
        while (start < end || fill()) {
            int newline = indexOfNewline();
            int stop = newline < 0 ? end : newline + 1;
            line.write(chunk, start, Math.min(stop - start, limit - line.size()));
            start = stop;
            if (newline >= 0) {
                break;
            }
        }
        return line.toByteArray();
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
