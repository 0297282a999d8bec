package io.sallyport.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The stored leaves of {@code key}'s log up to its latest checkpoint, without payloads. */
    static LogSource stored(LeafStore leaves, CheckpointStore checkpoints, NoteVerifier key) {
        return new StoredLog(leaves, checkpoints, key);
    }
}
