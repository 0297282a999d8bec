package io.sallyport.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What programs say to people: the last lines of all, and the first ones of one of them. */
final class LastLines {
    private static final int MOST = 20;

    /** Enough for why it does not start, which some say before they say how they are used. */
    private static final int MOST_FIRST = 5;

    /** Far more than is shown: a secret that the cut goes through would not be found in a line. */
    private static final int MOST_BYTES = 4 * 1024;

    private final Deque<String> lines = new ArrayDeque<>();
    private List<String> first = List.of();
    private long count;

    /**
     * @param line is cut where it is too long; what is no UTF-8 becomes U+FFFD
     */
    void add(byte[] line) {
        add(text(line));
    }

    private static String text(byte[] line) {
        return new String(line, 0, Math.min(line.length, MOST_BYTES), UTF_8).stripTrailing();
    }

    private synchronized void add(String line) {
        count++;
        if (lines.size() == MOST) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    /** The same of a line of a stream of which {@code own} has the first ones. */
    private synchronized void add(String line, List<String> own) {
        add(line);
        if (own.size() < MOST_FIRST && !line.isEmpty()) {
            own.add(line);
            first = own;
        }
    }

    /** Adds all lines of {@code stream} until its end, and keeps none longer than it shows. */
    void addAll(InputStream stream) throws IOException {
        var own = new ArrayList<String>();
        var in = new BufferedInputStream(stream);
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                add(text(line.toByteArray()), own);
                line.reset();
            } else if (line.size() < MOST_BYTES) {
                line.write(next);
            }
        }
        if (line.size() > 0) {
            add(text(line.toByteArray()), own);
        }
    }

    /** The oldest first. */
    synchronized List<String> all() {
        return List.copyOf(lines);
    }

    /** The first ones of the stream whose beginning came last; no empty ones. */
    synchronized List<String> first() {
        return List.copyOf(first);
    }

    /** How many there were, those that are forgotten included. */
    synchronized long count() {
        return count;
    }
}
