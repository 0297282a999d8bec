package io.sallyport.audit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pass over a log: hashes every leaf, follows the lanes, keeps the roots that are asked for.
 */
final class LogWalk {
    private final LogVerifier.Anchors anchors;
    private final boolean payloads;
    private final Set<Long> sizes;
    private final TreeFrontier tree = new TreeFrontier();
    private final LaneCheck lanes = new LaneCheck();
    private final LossCheck losses = new LossCheck();
    private final SearchCheck search;
    private final KeyCheck keys;
    private final Map<Long, byte[]> roots = new HashMap<>();
    private long firstBadLeaf = LaneCheck.NOWHERE;
    private long firstMisnumbered = LaneCheck.NOWHERE;
    private long firstMislabelled = LaneCheck.NOWHERE;
    private long firstBadPayload = LaneCheck.NOWHERE;
    private long newestMicros = -1;
    private long newestCoveredMicros = -1;

    /**
     * A walk over the log that {@code anchors} name.
     *
     * @param store what the walk holds the records against; empty where there is no store
     */
    LogWalk(LogVerifier.Anchors anchors, boolean payloads, Optional<StoreState> store) {
        this.anchors = anchors;
        this.payloads = payloads;
        sizes = anchors.sizes(store);
        search = new SearchCheck(store.map(StoreState::search).orElse(StoreState.Search.NONE));
        var stored = store.map(StoreState::keys).orElse(StoredKeys.unopened(Set.of()));
        keys = new KeyCheck(anchors.log(), stored);
        keepRoot();
    }

    void accept(LogEntry entry) {
        switch (entry) {
            case LogEntry.Stored stored -> accept(stored);
            case LogEntry.Unreadable() -> {
                firstBadLeaf = Math.min(firstBadLeaf, count());
                tree.append(MerkleTree.emptyRoot()); // stands for a leaf that cannot be known
            }
        }
        keepRoot();
    }

    private void accept(LogEntry.Stored stored) {
        long index = count();
        if (stored.index() != index) {
            firstMisnumbered = Math.min(firstMisnumbered, index);
        }
        byte[] hash = MerkleTree.leafHash(stored.leaf());
        tree.append(hash);
        var leaf = Leaf.parse(stored.leaf()).filter(read -> read.log().equals(anchors.log()));
        if (leaf.isEmpty()) {
            firstBadLeaf = Math.min(firstBadLeaf, index);
            return;
        }
        lanes.accept(leaf.get().frame(), hash, index);
        checkLabels(leaf.get(), hash, stored.labels(), index);
        search.accept(leaf.get(), stored.labels(), index);
        newestMicros = Math.max(newestMicros, leaf.get().micros());
        losses.authorise(leaf.get(), index);
        checkPayload(leaf.get().sealed(), stored.payload(), index);
    }

    private void checkLabels(Leaf leaf, byte[] hash, LogEntry.Labels labels, long index) {
        if (labels
                instanceof LogEntry.Labels.Columns(var stored, var kind, var micros, var id, _)) {
            boolean agree =
                    Arrays.equals(stored, hash)
                            && kind.equals(leaf.kind())
                            && micros == leaf.micros()
                            && id.equals(leaf.frame().recordId());
            firstMislabelled = agree ? firstMislabelled : Math.min(firstMislabelled, index);
        }
    }

    private void checkPayload(AuditRecord.Sealed sealed, byte[] payload, long index) {
        boolean present = payload.length > 0;
        if (present && !sealed.digest().equals(SealedPayload.digest(payload))) {
            firstBadPayload = Math.min(firstBadPayload, index);
        } else if (payloads && !sealed.equals(AuditRecord.Sealed.NONE)) {
            losses.sealed(sealed, present, index);
            if (present) {
                keys.accept(sealed, payload);
            }
        }
    }

    private void keepRoot() {
        if (sizes.contains(count())) {
            roots.put(count(), tree.root());
            cover();
        }
    }

    /** What somebody added behind the checkpoints is read, but proves nothing. */
    private void cover() {
        if (anchors.checkpoints().anyMatch(it -> it.size() == count() && agreesWith(it))) {
            losses.cover();
            newestCoveredMicros = newestMicros;
        }
    }

    long count() {
        return tree.size();
    }

    /** Whether the walk came to {@code checkpoint}'s size and found its root there. */
    boolean agreesWith(Checkpoint checkpoint) {
        byte[] root = roots.get(checkpoint.size());
        return root != null && Arrays.equals(root, checkpoint.root());
    }

    /** First leaf that is damaged or contradicts its neighbours. */
    long firstChange() {
        return Math.min(firstBadLeaf, lanes.firstChange());
    }

    /** First record that the store's columns contradict. */
    long firstMislabelled() {
        return firstMislabelled;
    }

    /** First payload that is not the one that its record names. */
    long firstBadPayload() {
        return firstBadPayload;
    }

    /** Whether the log came with its payloads. */
    boolean hasPayloads() {
        return payloads;
    }

    /** First place where a sequence or the numbering jumps. */
    long firstJump() {
        return Math.min(firstMisnumbered, lanes.firstHole());
    }

    /** First record that may have been moved out of its lane, if a lane has a hole. */
    long firstMoved() {
        return firstHole() == LaneCheck.NOWHERE ? LaneCheck.NOWHERE : lanes.firstLonely();
    }

    /** First place where a writer's sequence jumps. */
    long firstHole() {
        return lanes.firstHole();
    }

    /**
     * Time of the newest record that a checkpoint covers, in microseconds since the epoch, -1
     * without one.
     */
    long newestMicros() {
        return newestCoveredMicros;
    }

    /** First record that the store's search index contradicts. */
    long firstMisfound() {
        return search.first();
    }

    /** Ids of the keys that open what they sealed. */
    Set<String> usableKeys() {
        return keys.usable();
    }

    LossCheck losses() {
        return losses;
    }
}
