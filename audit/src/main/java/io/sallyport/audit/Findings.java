package io.sallyport.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Weighs what a walk found against the checkpoints and against what the store says. Keeps
 * everything that is wrong, but not what only follows from something else that is.
 */
final class Findings {
    /** What is wrong with the records themselves; an index of them only follows from it. */
    private static final Set<Finding.Cause> OF_RECORDS =
            Set.of(
                    Finding.Cause.CHANGED,
                    Finding.Cause.MISLABELLED,
                    Finding.Cause.BEHIND_THE_TREE,
                    Finding.Cause.SIGNED_TWICE,
                    Finding.Cause.ENDS_EARLY,
                    Finding.Cause.MISSING,
                    Finding.Cause.IN_NO_TREE);

    private final LogWalk walk;
    private final VouchedCheckpoint ownNote;
    private final Optional<Checkpoint> own;
    private final List<Checkpoint> outside;
    private final Optional<StoreState> store;
    private final List<Finding> found = new ArrayList<>();

    /** Findings of a whole walk. */
    Findings(LogWalk walk, LogVerifier.Anchors anchors, Optional<StoreState> store) {
        this.walk = walk;
        this.ownNote = anchors.own();
        this.own = anchors.own().checkpoint();
        this.store = store;
        this.outside =
                anchors.outside().stream()
                        .sorted(Comparator.comparingLong(Checkpoint::size))
                        .toList();
    }

    /** What can be said of a log that broke off while it was read. */
    static Verification brokenOff(LogWalk walk) {
        var found = new ArrayList<>(List.of(Finding.of(Finding.Cause.UNREADABLE)));
        if (walk.firstChange() != LaneCheck.NOWHERE) {
            found.add(Finding.at(Finding.Cause.CHANGED, walk.firstChange()));
        }
        return new Verification(found, Coverage.NOTHING);
    }

    Verification verification(Demands demands) {
        changes();
        jumps();
        contradictions();
        contradictionsOutside();
        missingTail();
        ownCheckpoint();
        uncovered();
        store.ifPresent(this::storeState);
        var losses = losses();
        demands(demands);
        return new Verification(found, coverage(losses));
    }

    private void changes() {
        addAt(Finding.Cause.CHANGED, walk.firstChange());
        addAt(Finding.Cause.MISLABELLED, walk.firstMislabelled());
        addAt(Finding.Cause.PAYLOAD_CHANGED, walk.firstBadPayload());
    }

    /** A jump means missing records, unless the log is as long as it should be and changed. */
    private void jumps() {
        long jump = walk.firstJump();
        boolean tailMissing = Math.max(ownSize(), treeSize()) > walk.count();
        boolean signedHole = ownHolds() && walk.firstHole() != LaneCheck.NOWHERE;
        if (tailMissing || signedHole) {
            addAt(Finding.Cause.MISSING, jump);
        } else if (jump != LaneCheck.NOWHERE) {
            addAt(Finding.Cause.CHANGED, Math.min(jump, walk.firstMoved()));
        }
    }

    /** Once a record is known to be changed or missing, that roots disagree says nothing new. */
    private boolean isExplained() {
        return walk.firstChange() != LaneCheck.NOWHERE || walk.firstJump() != LaneCheck.NOWHERE;
    }

    private void contradictions() {
        boolean disagrees = own.isPresent() && own.get().size() <= walk.count() && !ownHolds();
        for (var checkpoint : outside) {
            if (checkpoint.size() <= walk.count() && !walk.agreesWith(checkpoint)) {
                boolean signedTwice = ownHolds() && own.get().size() >= checkpoint.size();
                if (signedTwice) {
                    addAt(Finding.Cause.SIGNED_TWICE, checkpoint.size());
                } else {
                    disagrees = true;
                }
            }
        }
        if (disagrees && !isExplained()) {
            addAt(Finding.Cause.CHANGED, vouchedFor());
        }
    }

    /** Checkpoints beyond the end of the log cannot be compared with it, but with each other. */
    private void contradictionsOutside() {
        for (var one : outside) {
            boolean contradicted =
                    outside.stream().anyMatch(it -> contradicts(it, one))
                            || own.filter(it -> contradicts(it, one)).isPresent();
            if (contradicted) {
                addAt(Finding.Cause.SIGNED_TWICE, one.size());
            }
        }
    }

    private static boolean contradicts(Checkpoint one, Checkpoint other) {
        return one.size() == other.size() && !one.equals(other);
    }

    private void missingTail() {
        if (Math.max(ownSize(), outsideSize()) > walk.count()) {
            boolean rolledBack = outsideSize() > ownSize();
            addAt(
                    rolledBack ? Finding.Cause.ENDS_EARLY : Finding.Cause.MISSING,
                    rolledBack || walk.firstJump() == LaneCheck.NOWHERE
                            ? walk.count()
                            : LaneCheck.NOWHERE);
        }
    }

    /**
     * A store may lose its own checkpoint: then the outside ones decide, if there are any. In an
     * export it is part of what was exported.
     */
    private void ownCheckpoint() {
        if (own.isPresent()) {
            return;
        }
        if (outside.isEmpty() && (ownNote.foreign() || store.isPresent())) {
            found.add(Finding.of(Finding.Cause.NOTHING_SIGNED));
        } else if (store.isEmpty()) {
            addAt(Finding.Cause.CHANGED, vouchedFor());
        }
    }

    /** An export ends where its checkpoint does; a store goes on and says so. */
    private void uncovered() {
        long covered = Math.max(ownSize(), outsideSize());
        if (store.isEmpty() && own.isPresent() && walk.count() > covered) {
            addAt(Finding.Cause.CHANGED, covered);
        }
    }

    private void storeState(StoreState state) {
        Checkpoint tree = state.tree();
        if (tree.size() < walk.count()) {
            addAt(Finding.Cause.BEHIND_THE_TREE, tree.size());
        } else if (tree.size() > walk.count()) {
            addAt(
                    Finding.Cause.MISSING,
                    walk.firstJump() == LaneCheck.NOWHERE ? walk.count() : LaneCheck.NOWHERE);
        }
        if (tree.size() <= walk.count() && !walk.agreesWith(tree) && !isExplained()) {
            addAt(Finding.Cause.CHANGED, vouchedFor());
        }
        if (state.stranded() > 0) {
            addAt(Finding.Cause.IN_NO_TREE, walk.count());
        }
        if (found.stream().noneMatch(it -> OF_RECORDS.contains(it.cause()))) {
            searchIndex(state.search());
        }
    }

    /** An index may be behind its log; what it has must be what the log says, once. */
    private void searchIndex(StoreState.Search search) {
        boolean ahead = search.next() > walk.count();
        long first = Math.min(walk.firstMisfound(), ahead ? walk.count() : LaneCheck.NOWHERE);
        addAt(Finding.Cause.SEARCH_CONTRADICTS, first);
        if (first == LaneCheck.NOWHERE && search.rows() != search.next()) {
            found.add(Finding.of(Finding.Cause.SEARCH_CONTRADICTS));
        }
    }

    private LossCheck.Losses losses() {
        var losses =
                store.map(it -> walk.losses().losses(it.keys().ids(), walk.usableKeys()))
                        .orElseGet(() -> walk.losses().losses());
        addAt(Finding.Cause.PAYLOAD_LOST, losses.firstPayload());
        addAt(Finding.Cause.KEY_LOST, losses.firstKey());
        addAt(Finding.Cause.KEY_NOT_OPENED, losses.firstUnopened());
        boolean ofNoRecord = store.filter(it -> it.keys().someDoNotOpen()).isPresent();
        if (ofNoRecord && losses.firstUnopened().isEmpty()) {
            found.add(Finding.of(Finding.Cause.KEY_NOT_OPENED));
        }
        return losses;
    }

    private void demands(Demands demands) {
        if (demands.payloads() && !walk.hasPayloads()) {
            found.add(Finding.of(Finding.Cause.PAYLOADS_NOT_CHECKED));
        }
        if (demands.payloads() && keys().equals(Coverage.Keys.PRESENT)) {
            found.add(Finding.of(Finding.Cause.KEYS_NOT_OPENED));
        }
        // a checkpoint of the empty log vouches for no record
        if (outside.isEmpty() || outsideSize() == 0 && walk.count() > 0) {
            found.add(Finding.of(Finding.Cause.NO_OUTSIDE_CHECKPOINT));
        }
        if (walk.newestMicros() < demands.notBeforeMicros()) {
            found.add(Finding.of(Finding.Cause.TOO_OLD));
        }
    }

    private Coverage coverage(LossCheck.Losses losses) {
        return new Coverage(
                walk.count(),
                Math.max(0, walk.count() - Math.max(ownSize(), outsideSize())),
                store.map(it -> it.waiting() + it.stranded()).orElse(0L),
                walk.hasPayloads() ? losses.coverage(keys()) : Coverage.Payloads.NOT_CHECKED,
                ownFate());
    }

    private Coverage.Keys keys() {
        return store.map(it ->
                        it.keys().haveBeenOpened() ? Coverage.Keys.OPENED : Coverage.Keys.PRESENT)
                .orElse(Coverage.Keys.NOT_CHECKED);
    }

    private Coverage.OwnCheckpoint ownFate() {
        if (own.isPresent()) {
            return Coverage.OwnCheckpoint.OPENED;
        }
        return ownNote.missing()
                ? Coverage.OwnCheckpoint.MISSING
                : Coverage.OwnCheckpoint.NOT_OPENED;
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

    private long treeSize() {
        return store.map(it -> it.tree().size()).orElse(0L);
    }

    private long outsideSize() {
        return outside.isEmpty() ? 0 : outside.getLast().size();
    }

    private void addAt(Finding.Cause cause, OptionalLong index) {
        index.ifPresent(it -> addAt(cause, it));
    }

    private void addAt(Finding.Cause cause, long index) {
        if (index != LaneCheck.NOWHERE) {
            found.add(Finding.at(cause, index));
        }
    }
}
