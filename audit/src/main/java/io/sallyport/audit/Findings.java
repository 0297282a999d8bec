package io.sallyport.audit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Weighs what a walk found against the checkpoints; the gravest verdict wins. */
final class Findings {
    private final LogWalk walk;
    private final Optional<Checkpoint> own;
    private final List<Checkpoint> outside;

    /** Findings for a log whose own checkpoint is {@code own}, absent when it does not open. */
    Findings(LogWalk walk, VouchedCheckpoint own, List<Checkpoint> outside) {
        this.walk = walk;
        this.own = own.checkpoint();
        this.outside = outside.stream().sorted(Comparator.comparingLong(Checkpoint::size)).toList();
    }

    /** The verdict; records older than {@code notBeforeMicros} do not count as fresh. */
    Verification verification(long notBeforeMicros) {
        return changes()
                .or(this::jumps)
                .or(this::contradictions)
                .or(this::missingTail)
                .or(this::uncovered)
                .or(this::losses)
                .or(this::unanchored)
                .or(() -> stale(notBeforeMicros))
                .orElseGet(() -> found(Verdict.OK, OptionalLong.empty()));
    }

    private Optional<Verification> changes() {
        long change = walk.firstChange();
        return change == LaneCheck.NOWHERE ? Optional.empty() : at(Verdict.TAMPERED, change);
    }

    /** A jump means missing records, unless the log is as long as it should be and changed. */
    private Optional<Verification> jumps() {
        long jump = walk.firstJump();
        if (jump == LaneCheck.NOWHERE) {
            return Optional.empty();
        }
        boolean tailMissing = own.isPresent() && own.get().size() > walk.count();
        boolean signedHole = ownHolds() && walk.firstHole() != LaneCheck.NOWHERE;
        return tailMissing || signedHole
                ? at(Verdict.GAP, jump)
                : at(Verdict.TAMPERED, Math.min(jump, walk.firstMoved()));
    }

    private Optional<Verification> contradictions() {
        for (var checkpoint : outside) {
            boolean reached = checkpoint.size() <= walk.count();
            if (reached && !walk.agreesWith(checkpoint)) {
                boolean signedTwice = ownHolds() && own.get().size() >= checkpoint.size();
                return signedTwice
                        ? at(Verdict.FORK, checkpoint.size())
                        : at(Verdict.TAMPERED, vouchedFor());
            }
        }
        boolean damaged = own.isEmpty() || own.get().size() <= walk.count() && !ownHolds();
        return damaged ? at(Verdict.TAMPERED, vouchedFor()) : contradictionOutside();
    }

    /** Checkpoints beyond the end of the log cannot be compared with it, but with each other. */
    private Optional<Verification> contradictionOutside() {
        for (var one : outside) {
            for (var other : outside) {
                if (one.size() == other.size() && !one.equals(other)) {
                    return at(Verdict.FORK, one.size());
                }
            }
            if (one.size() == ownSize() && !one.equals(own.orElseThrow())) {
                return at(Verdict.FORK, one.size());
            }
        }
        return Optional.empty();
    }

    private Optional<Verification> missingTail() {
        if (Math.max(ownSize(), outsideSize()) <= walk.count()) {
            return Optional.empty();
        }
        boolean rolledBack = outsideSize() > ownSize();
        return at(rolledBack ? Verdict.ROLLED_BACK : Verdict.GAP, walk.count());
    }

    private Optional<Verification> uncovered() {
        long covered = Math.max(ownSize(), outsideSize());
        return walk.count() > covered ? at(Verdict.TAMPERED, covered) : Optional.empty();
    }

    private Optional<Verification> losses() {
        OptionalLong first = walk.losses().firstUnauthorised();
        return first.isPresent()
                ? at(Verdict.UNAUTHORISED_LOSS, first.getAsLong())
                : Optional.empty();
    }

    /** A checkpoint of the empty log vouches for no record. */
    private Optional<Verification> unanchored() {
        boolean anchored = !outside.isEmpty() && (outsideSize() > 0 || walk.count() == 0);
        return anchored
                ? Optional.empty()
                : Optional.of(found(Verdict.UNANCHORED, OptionalLong.empty()));
    }

    private Optional<Verification> stale(long notBeforeMicros) {
        return walk.newestMicros() >= notBeforeMicros
                ? Optional.empty()
                : Optional.of(found(Verdict.STALE, OptionalLong.empty()));
    }

    /** Size of the largest tree that a checkpoint confirms: every record below it is as written. */
    private long vouchedFor() {
        long byOthers =
                outside.stream()
                        .filter(walk::agreesWith)
                        .mapToLong(Checkpoint::size)
                        .max()
                        .orElse(0);
        return ownHolds() ? Math.max(byOthers, ownSize()) : byOthers;
    }

    private boolean ownHolds() {
        return own.filter(walk::agreesWith).isPresent();
    }

    private long ownSize() {
        return own.map(Checkpoint::size).orElse(0L);
    }

    private long outsideSize() {
        return outside.isEmpty() ? 0 : outside.getLast().size();
    }

    private Optional<Verification> at(Verdict verdict, long index) {
        return Optional.of(found(verdict, OptionalLong.of(index)));
    }

    private Verification found(Verdict verdict, OptionalLong index) {
        return new Verification(verdict, index, walk.count(), walk.losses().count());
    }
}
