package io.sallyport.bridge;

import java.util.Optional;

/** Where a server waits for answers to what it asked in the middle of a request. */
public sealed interface Continuation {
    /** A 2026 server keeps nothing: it gets its own state back (MCP 2026-07-28, requestState). */
    record State(Optional<String> requestState) implements Continuation {
        @Override
        public String toString() {
            return "State";
        }
    }

    /**
     * A 2025 server waits on its open stream, which the bridge keeps for a limited time.
     *
     * @param ticket names the stream; 128 random bits, good once
     */
    record Parked(String ticket) implements Continuation {
        @Override
        public String toString() {
            return "Parked";
        }
    }
}
