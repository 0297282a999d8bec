package io.sallyport.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Verifies a log offline, in one pass and in memory that does not grow with its length. Trusts
 * nothing but the key and the checkpoints that the caller kept outside.
 */
public final class LogVerifier {
    private LogVerifier() {}

    /**
     * Verifies {@code log} against checkpoints that were kept elsewhere.
     *
     * @param outsideCheckpoints signed notes of this log; without one the answer is never OK
     * @param key the log's key, obtained elsewhere; its name is the log's origin
     */
    public static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key) {
        return verify(log, outsideCheckpoints, key, Demands.NONE);
    }

    /**
     * The same, and the newest record that a checkpoint covers must not be older than {@code
     * notBefore}.
     */
    public static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key, Instant notBefore) {
        return verify(log, outsideCheckpoints, key, Demands.notBefore(notBefore));
    }

    /** The same, with everything else that is demanded. */
    public static Verification verify(
            LogSource log, List<String> outsideCheckpoints, NoteVerifier key, Demands demands) {
        var outside =
                outsideCheckpoints.stream()
                        .map(note -> VouchedCheckpoint.open(note, key).checkpoint())
                        .toList();
        var opened = outside.stream().flatMap(Optional::stream).toList();
        var verification = verifyAgainst(opened, log, key, demands);
        return opened.size() == outside.size()
                ? verification
                : verification.and(Finding.of(Finding.Cause.CHECKPOINT_NOT_OPENED));
    }

    private static Verification verifyAgainst(
            List<Checkpoint> outside, LogSource log, NoteVerifier key, Demands demands) {
        try {
            LogHead head = log.head();
            var own = VouchedCheckpoint.open(head, key);
            if (own.foreign() && outside.isEmpty()) {
                return Verification.unread(Finding.Cause.NOTHING_SIGNED);
            }
            var anchors = new Anchors(logName(key), own, outside);
            return verifyRecords(log, head.payloads(), anchors, demands);
        } catch (IOException | UncheckedIOException e) {
            return Verification.unread(Finding.Cause.UNREADABLE);
        }
    }

    /** The pass over the records, once the checkpoints are opened. */
    static Verification verifyRecords(
            LogSource log, boolean payloads, Anchors anchors, Demands demands) throws IOException {
        var store = log.state();
        var walk = new LogWalk(anchors, payloads, store);
        try (Stream<LogEntry> entries = log.entries()) {
            entries.forEachOrdered(walk::accept);
        } catch (UncheckedIOException e) {
            return Findings.brokenOff(walk);
        }
        return new Findings(walk, anchors, store).verification(demands);
    }

    /** What the records are held against. */
    record Anchors(String log, VouchedCheckpoint own, List<Checkpoint> outside) {
        /** All that the key vouches for. */
        Stream<Checkpoint> checkpoints() {
            return Stream.concat(own.checkpoint().stream(), outside.stream());
        }

        Set<Long> sizes(Optional<StoreState> store) {
            Set<Long> sizes = new HashSet<>();
            checkpoints().forEach(checkpoint -> sizes.add(checkpoint.size()));
            store.ifPresent(state -> sizes.add(state.tree().size()));
            return sizes;
        }
    }

    private static String logName(NoteVerifier key) {
        return key.name().substring(key.name().lastIndexOf('/') + 1);
    }
}
