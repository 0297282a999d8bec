package io.sallyport.gate;

import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.policy.Decision;
import java.time.Duration;

/** What was called, once it is known to exist for the caller: steps 3 and 4 ask it. */
sealed interface Candidate permits ToolCandidate, ContentCandidate {
    /** As it was listed. */
    Target target();

    /** Longest time that an admin gives the server for it. */
    Duration time(McpServer server);

    /** Step 3. */
    Arguments arguments() throws InterruptedException;

    /** Step 4. */
    Decision decide();

    /** For a caller that may not have it: it does not exist. */
    Denial unknown(Reason reason, String rule);

    /** What step 3 says. */
    sealed interface Arguments {
        /**
         * They are what the descriptor asks for.
         *
         * @param params canonical bytes of all of {@code params}
         */
        @SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
        record Valid(Target target, byte[] params) implements Arguments {}

        record Invalid(Denial denial) implements Arguments {}
    }

    /** What step 1 says. */
    sealed interface Resolution {
        record Found(Candidate candidate) implements Resolution {}

        /** There is no such thing for the caller, or it cannot be called now. */
        record Denied(Denial denial) implements Resolution {}
    }
}
