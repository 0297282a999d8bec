package io.sallyport.audit;

import java.io.IOException;
import java.util.stream.Stream;

/** Port: the integrated leaves of all logs, verbatim. */
public interface LeafStore {
    /** How many leaves {@code log} has; 0 for a log that nobody wrote to. */
    long size(String log) throws IOException;

    /**
     * Leaves {@code from} to {@code to}, exclusive, in index order. The caller closes the stream; a
     * failure while reading is an {@link java.io.UncheckedIOException}.
     */
    Stream<byte[]> leaves(String log, long from, long to) throws IOException;
}
