package io.sallyport.audit;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A log as the stores hold it; leaves that no checkpoint covers yet are not part of it. */
record StoredLog(LeafStore leaves, CheckpointStore checkpoints, NoteVerifier key)
        implements LogSource {

    @Override
    public LogHead head() throws IOException {
        String note =
                checkpoints
                        .latest(log())
                        .orElseThrow(() -> new IOException("the log has no checkpoint"));
        return new LogHead(note, key.vkey(), false);
    }

    @Override
    public Stream<LogEntry> entries() throws IOException {
        var index = new AtomicLong();
        return leaves.leaves(log(), 0, Math.min(covered(), leaves.size(log())))
                .sequential()
                .map(leaf -> LogEntry.Stored.of(index.getAndIncrement(), leaf));
    }

    /** All leaves when the checkpoint cannot be read: the verifier then says what is wrong. */
    private long covered() throws IOException {
        return VouchedCheckpoint.open(head(), key)
                .checkpoint()
                .map(Checkpoint::size)
                .orElse(Long.MAX_VALUE);
    }

    private String log() {
        return key.name().substring(key.name().lastIndexOf('/') + 1);
    }
}
