package io.sallyport.audit;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The last member of a leaf, added by the one process that writes it. It puts the leaf in a lane:
 * the records that one writer, in one epoch, appended to one log.
 *
 * @param writer 1 to 32 characters of {@code a-z 0-9 -}, the first a letter or digit
 * @param epoch number of the writer's lease, from 1
 * @param sequence position in the lane, counted from 1 without holes
 * @param previous leaf hash of the record before it in the lane; 32 zero bytes for the first
 */
public record WriterFrame(String writer, long epoch, long sequence, byte[] previous) {
    /** Most epochs or records that a frame can count: 15 digits, within 2^53-1. */
    static final long MAX_COUNT = 999_999_999_999_999L;

    private static final Pattern WRITER = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    public WriterFrame {
        previous = previous.clone();
        if (!WRITER.matcher(writer).matches()) {
            throw new IllegalArgumentException("not a writer's name");
        }
        if (epoch < 1 || epoch > MAX_COUNT || sequence < 1 || sequence > MAX_COUNT) {
            throw new IllegalArgumentException("epoch and sequence are counted from 1");
        }
        if (previous.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException("previous is a SHA-256 hash");
        }
        if ((sequence == 1) != Arrays.equals(previous, new byte[MerkleTree.HASH_BYTES])) {
            throw new IllegalArgumentException("the first record, and only it, follows nothing");
        }
    }

    @Override
    public byte[] previous() {
        return previous.clone();
    }

    public RecordId recordId() {
        return new RecordId(writer, epoch, sequence);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WriterFrame frame
                && recordId().equals(frame.recordId())
                && Arrays.equals(previous, frame.previous);
    }

    @Override
    public int hashCode() {
        return recordId().hashCode();
    }
}
