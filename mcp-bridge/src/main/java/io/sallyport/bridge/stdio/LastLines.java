package io.sallyport.bridge.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of what programs say to people. */
final class LastLines {
    private static final int MOST = 20;

    /** Far more than is shown: a secret that the cut goes through would not be found in a line. */
    private static final int MOST_BYTES = 4 * 1024;

    private final Deque<String> lines = new ArrayDeque<>();
    private long count;

    /**
     * @param line is cut where it is too long; what is no UTF-8 becomes U+FFFD
     */
    synchronized void add(byte[] line) {
        count++;
        if (lines.size() == MOST) {
            lines.removeFirst();
        }
        lines.addLast(
                new String(line, 0, Math.min(line.length, MOST_BYTES), UTF_8).stripTrailing());
    }

    /** Adds all lines of {@code stream} until its end, and keeps none longer than it shows. */
    void addAll(InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream);
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                add(line.toByteArray());
                line.reset();
            } else if (line.size() < MOST_BYTES) {
                line.write(next);
            }
        }
        if (line.size() > 0) {
            add(line.toByteArray());
        }
    }

    /** The oldest first. */
    synchronized List<String> all() {
        return List.copyOf(lines);
    }

    /** How many there were, those that are forgotten included. */
    synchronized long count() {
        return count;
    }
}
