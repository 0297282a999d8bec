package io.sallyport.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Verifies a log offline, in one pass and in memory that does not grow with its length. Trusts
 * nothing but the key and the checkpoints that the caller kept outside.
 */
public final class LogVerifier {
    private static final long ANY_AGE = -1;

    private LogVerifier() {}

    /**
     * Verifies {@code log} against checkpoints that were kept elsewhere.
     *
     * @param outsideCheckpoints signed notes of this log; without one the answer is never OK
     * @param key the log's key, obtained elsewhere; its name is the log's origin
     */
    public static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key) {
        return verify(log, outsideCheckpoints, key, ANY_AGE);
    }

    /** The same, and the newest record must not be older than {@code notBefore}. */
    public static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key, Instant notBefore) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, notBefore);
        return verify(log, outsideCheckpoints, key, Math.max(0, micros));
    }

    private static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key, long notBefore) {
        var outside = outsideCheckpoints.stream().map(note -> open(note, key)).toList();
        if (outside.stream().anyMatch(Optional::isEmpty)) {
            return cannotVerify();
        }
        try {
            var anchors = outside.stream().flatMap(Optional::stream).toList();
            return verifyAgainst(anchors, log, key, notBefore);
        } catch (IOException | UncheckedIOException e) {
            return cannotVerify();
        }
    }

    private static Optional<Checkpoint> open(String note, NoteVerifier key) {
        return VouchedCheckpoint.open(note, key).checkpoint();
    }

    private static Verification verifyAgainst(
            List<Checkpoint> outside, LogSource log, NoteVerifier key, long notBefore)
            throws IOException {
        LogHead head = log.head();
        var own = VouchedCheckpoint.open(head, key);
        if (own.foreign() && outside.isEmpty()) {
            return cannotVerify(); // nothing shows that this is the right key
        }
        return verifyRecords(log, head.payloads(), new Anchors(logName(key), own, outside))
                .verification(notBefore);
    }

    /** The pass over the records, once the checkpoints are opened. */
    static Findings verifyRecords(LogSource log, boolean payloads, Anchors anchors)
            throws IOException {
        var walk = new LogWalk(anchors.log(), payloads, anchors.sizes());
        try (Stream<LogEntry> entries = log.entries()) {
            entries.forEachOrdered(walk::accept);
        }
        return new Findings(walk, anchors.own(), anchors.outside());
    }

    /** What the records are held against. */
    record Anchors(String log, VouchedCheckpoint own, List<Checkpoint> outside) {
        Set<Long> sizes() {
            Set<Long> sizes = new HashSet<>();
            own.checkpoint().ifPresent(checkpoint -> sizes.add(checkpoint.size()));
            outside.forEach(checkpoint -> sizes.add(checkpoint.size()));
            return sizes;
        }
    }

    private static String logName(NoteVerifier key) {
        return key.name().substring(key.name().lastIndexOf('/') + 1);
    }

    private static Verification cannotVerify() {
        return new Verification(Verdict.CANNOT_VERIFY, OptionalLong.empty(), 0, 0);
    }
}
