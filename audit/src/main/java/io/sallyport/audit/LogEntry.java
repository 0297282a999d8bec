package io.sallyport.audit;

/** One position of a log as it was read. */
public sealed interface LogEntry {
    /**
     * A leaf.
     *
     * @param index the index that the log claims for it
     * @param payload its sealed payload; empty when there is none or it is not included
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and dropped, never compared
    record Stored(long index, byte[] leaf, byte[] payload) implements LogEntry {
        private static final byte[] NO_PAYLOAD = new byte[0];

        /** A leaf without a payload. */
        public static Stored of(long index, byte[] leaf) {
            return new Stored(index, leaf, NO_PAYLOAD);
        }
    }

    /** Something that is not a leaf stands in its place. */
    record Unreadable() implements LogEntry {}
}
