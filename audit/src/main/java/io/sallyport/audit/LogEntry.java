package io.sallyport.audit;

import java.util.Optional;

/** One position of a log as it was read. */
public sealed interface LogEntry {
    /**
     * A leaf.
     *
     * @param index the index that the log claims for it
     * @param payload its sealed payload; empty when there is none or it is not included
     * @param labels what a store keeps beside the leaf to find it by
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and dropped, never compared
    record Stored(long index, byte[] leaf, byte[] payload, Labels labels) implements LogEntry {
        private static final byte[] NO_PAYLOAD = new byte[0];

        /** A leaf with nothing beside it but its payload. */
        public Stored(long index, byte[] leaf, byte[] payload) {
            this(index, leaf, payload, new Labels.None());
        }

        /** A leaf without a payload. */
        public static Stored of(long index, byte[] leaf) {
            return new Stored(index, leaf, NO_PAYLOAD);
        }
    }

    /** Copies of what the leaf says, as a store keeps them in columns of their own. */
    sealed interface Labels {
        /** The log is no store. */
        record None() implements Labels {}

        /**
         * The columns of a store. Every one must agree with the leaf.
         *
         * @param indexed what the store's search index says of it, if it is in there
         */
        @SuppressWarnings("ArrayRecordComponent") // read once and dropped, never compared
        record Columns(
                byte[] hash, String kind, long micros, RecordId id, Optional<SearchTerms> indexed)
                implements Labels {
            /** Those of a record that is in no search index. */
            public Columns(byte[] hash, String kind, long micros, RecordId id) {
                this(hash, kind, micros, id, Optional.empty());
            }
        }
    }

    /** Something that is not a leaf stands in its place. */
    record Unreadable() implements LogEntry {}
}
