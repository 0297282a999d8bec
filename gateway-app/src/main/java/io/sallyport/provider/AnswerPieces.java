package io.sallyport.provider;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.JsonWeight;

/**
 * What is held of answers that come in pieces, counted in the room of their request as a whole
 * answer is: what all pieces together take beyond {@link AnswerRoom#SMALL}. Used by one thread at a
 * time.
 */
public final class AnswerPieces {
    /** No tree of a shorter text weighs more than is left uncounted: see {@link JsonWeight}. */
    private static final int LIGHT = 1_024;

    private final AnswerRoom room;
    private long held;
    private long counted = AnswerRoom.SMALL;

    public AnswerPieces(AnswerRoom room) {
        this.room = room;
    }

    /**
     * So many bytes more are held, or fewer. The room is asked for much at a time.
     *
     * @throws ModelFailure if it has no more; then they are not held
     */
    public void add(long bytes) {
        held += bytes;
        if (held > counted) {
            long more = Math.max(held - counted, AnswerRoom.SMALL);
            if (!room.takes(more)) {
                held -= bytes;
                throw ModelFailure.overloaded();
            }
            counted += more;
        }
    }

    /**
     * A piece is about to be parsed. What its tree weighs is counted unless it is little: then the
     * tree is gone before the next one is there.
     *
     * @throws ModelFailure if there is no room for it
     */
    public void parses(byte[] json) {
        if (json.length > LIGHT) {
            long weight = JsonWeight.ofNodes(json);
            if (weight > AnswerRoom.SMALL) {
                add(weight);
            }
        }
    }
}
