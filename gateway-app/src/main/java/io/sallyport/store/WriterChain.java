package io.sallyport.store;

import io.sallyport.audit.LeafBody;
import io.sallyport.audit.RecordId;
import io.sallyport.audit.WriterLane;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where one writer stands in each log: every leaf names its number in the log and the hash of the
 * writer's leaf before it. Moves only when a commit is known to have happened.
 */
final class WriterChain {
    private final String writer;
    private final long epoch;

    /** One draft at a time in each log; drafts in different logs may be made at once. */
    private final Map<String, WriterLane> lanes = new ConcurrentHashMap<>();

    WriterChain(String writer, long epoch) {
        this.writer = writer;
        this.epoch = epoch;
    }

    /** One leaf with its place, not yet committed. */
    @SuppressWarnings("ArrayRecordComponent") // handed to SQL once, never compared
    record Link(RecordId id, byte[] leaf, byte[] hash) {}

    long epoch() {
        return epoch;
    }

    /** A draft that starts where the chain ends; many links may be added before it is committed. */
    Draft draft() {
        return new Draft();
    }

    void commit(Draft draft) {
        lanes.putAll(draft.moved);
    }

    /** The links of one transaction. */
    final class Draft {
        private final Map<String, WriterLane> moved = new HashMap<>();

        Link add(LeafBody body) {
            var lane = lane(body.log());
            var leaf = body.framed(lane.next());
            var after = lane.after(leaf);
            moved.put(body.log(), after);
            return new Link(lane.next().recordId(), leaf, after.next().previous());
        }

        private WriterLane lane(String log) {
            var current = moved.get(log);
            return current == null
                    ? lanes.getOrDefault(log, WriterLane.open(writer, epoch))
                    : current;
        }
    }
}
