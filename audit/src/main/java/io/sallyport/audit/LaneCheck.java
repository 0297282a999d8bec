package io.sallyport.audit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows every writer's lane: sequences without holes, each record naming the hash of the one
 * before it. The lanes tell where a log was changed; that it was is what the tree tells.
 */
final class LaneCheck {
    static final long NOWHERE = Long.MAX_VALUE;

    private final Map<LaneName, Lane> lanes = new HashMap<>();
    private long firstChange = NOWHERE;
    private long firstHole = NOWHERE;

    /** Takes the next leaf of the log, at {@code index}. */
    void accept(WriterFrame frame, byte[] leafHash, long index) {
        lanes.computeIfAbsent(new LaneName(frame.writer(), frame.epoch()), _ -> new Lane())
                .accept(frame, leafHash, index);
    }

    /** Index of the first record that contradicts its neighbours, or {@link #NOWHERE}. */
    long firstChange() {
        return lanes.values().stream()
                .mapToLong(lane -> lane.suspect)
                .reduce(firstChange, Math::min);
    }

    /** Index of the first record before which others are missing, or {@link #NOWHERE}. */
    long firstHole() {
        return firstHole;
    }

    /** Index of the first record that is alone in its lane, or {@link #NOWHERE}. */
    long firstLonely() {
        return lanes.values().stream()
                .filter(lane -> lane.lastIndex == lane.firstIndex)
                .mapToLong(lane -> lane.firstIndex)
                .reduce(NOWHERE, Math::min);
    }

    private record LaneName(String writer, long epoch) {}

    private final class Lane {
        private byte[] lastHash = new byte[MerkleTree.HASH_BYTES];
        private long firstIndex = NOWHERE;
        private long lastIndex = NOWHERE;
        private long nextSequence = 1;
        private long hole = NOWHERE;

        /** A record that its successor does not confirm, until a third one decides between them. */
        private long suspect = NOWHERE;

        void accept(WriterFrame frame, byte[] leafHash, long index) {
            if (frame.sequence() < nextSequence) {
                firstChange = Math.min(firstChange, Math.min(hole, index));
            } else if (frame.sequence() > nextSequence) {
                settle(suspect);
                hole = Math.min(hole, index);
                firstHole = Math.min(firstHole, index);
            } else {
                link(Arrays.equals(frame.previous(), lastHash));
            }
            lastHash = leafHash;
            firstIndex = Math.min(firstIndex, index);
            lastIndex = index;
            nextSequence = frame.sequence() + 1;
        }

        /**
         * A broken link says that the earlier or the later record was changed. If the later one is
         * confirmed by its own successor it was the earlier, if not it was the later itself.
         */
        private void link(boolean intact) {
            if (suspect != NOWHERE) {
                settle(intact ? suspect : lastIndex);
            } else if (!intact) {
                suspect = lastIndex;
            }
        }

        private void settle(long index) {
            firstChange = Math.min(firstChange, index);
            suspect = NOWHERE;
        }
    }
}
