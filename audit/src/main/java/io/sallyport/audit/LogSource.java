package io.sallyport.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a verifier reads a log from. Nothing in it is trusted. */
public interface LogSource {
    /** What the log says about itself. */
    LogHead head() throws IOException;

    /**
     * Every leaf in stored order. The caller closes the stream; a failure while reading is an
     * {@link UncheckedIOException}.
     */
    Stream<LogEntry> entries() throws IOException;

    /**
     * What the log's store says beside the records, of the same moment as they; empty where there
     * is no store. Asked before {@link #entries}.
     */
    default Optional<StoreState> state() throws IOException {
        return Optional.empty();
    }
}
