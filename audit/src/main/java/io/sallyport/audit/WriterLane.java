package io.sallyport.audit;

/**
 * Where a writer stands in one log: the next frame to use. Immutable, so that a batch whose commit
 * failed leaves the lane where it was.
 */
public final class WriterLane {
    private final WriterFrame next;

    private WriterLane(WriterFrame next) {
        this.next = next;
    }

    /** The start of {@code writer}'s lane in a log, in a new epoch. */
    public static WriterLane open(String writer, long epoch) {
        return new WriterLane(new WriterFrame(writer, epoch, 1, new byte[MerkleTree.HASH_BYTES]));
    }

    /** The frame for the next record of this log. */
    public WriterFrame next() {
        return next;
    }

    /** The lane after {@code leaf}, which was framed with {@link #next()}. */
    public WriterLane after(byte[] leaf) {
        return new WriterLane(
                new WriterFrame(
                        next.writer(),
                        next.epoch(),
                        next.sequence() + 1,
                        MerkleTree.leafHash(leaf)));
    }
}
