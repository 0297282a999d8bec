package io.sallyport.gate;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.error.Reason;
import io.sallyport.policy.ToolRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How one attempt ended. */
public sealed interface CallOutcome {
    /**
     * Nothing was sent, or what came back must not be shown.
     *
     * @param sentence for the model or the user; never carries arguments, hosts or rules
     * @param details JSON pointers of invalid arguments, else empty
     */
    record Refused(Reason reason, String sentence, List<String> details) implements CallOutcome {
        public Refused {
            details = List.copyOf(details);
        }

        public Refused(Reason reason, String sentence) {
            this(reason, sentence, List.of());
        }
    }

    /** The call waits for people; the same call made again after their decision runs once. */
    record ApprovalPending(List<PendingApproval> approvals) implements CallOutcome {
        public ApprovalPending {
            approvals = List.copyOf(approvals);
        }
    }

    /** One open approval as its requester sees it. */
    record PendingApproval(String id, Instant expires, String reason) {}

    /** What became of a call whose intent is on record: its outcome says the same. */
    sealed interface Attempted extends CallOutcome {}

    /** There is a result to pass on. */
    sealed interface Answered extends Attempted {
        /** The tree as the upstream wrote it: of a tools/call, its CallToolResult. */
        JsonNode result();
    }

    /**
     * The upstream did what it was asked.
     *
     * @param mended whether U+FFFD stands in the result for characters that were none
     */
    record Completed(JsonNode result, boolean mended) implements Answered {}

    /**
     * The tool says that it failed, with {@code isError}.
     *
     * @param mended as of {@link Completed}
     */
    record ToolFailed(JsonNode result, boolean mended) implements Answered {}

    /**
     * The upstream answered a tools/call with a JSON-RPC error.
     *
     * @param result with {@code isError}, made of the error
     */
    record RpcFailed(JsonNode result) implements Answered {}

    /**
     * The upstream asks for more before it can finish (MRTR); relayed by the MCP face only.
     *
     * @param tool what was called
     * @param result with {@code inputRequests}, without the upstream's own state
     * @param continuation what the next leg of the same call brings along
     * @param asker place of the server that asks
     */
    record InputRequired(ToolRef tool, JsonNode result, Continuation continuation, String asker)
            implements Attempted {
        /** The next leg of the call, with these answers. */
        public Continued continued(JsonNode responses) {
            return new Continued(continuation, responses, asker);
        }
    }

    /**
     * The upstream answered something other than a tools/call with a JSON-RPC error, or a
     * tools/call with the error that the client lacks a capability.
     *
     * @param code as the upstream sent it
     * @param required the capabilities that the client would need, as the upstream sent them
     */
    record RejectedUpstream(int code, Optional<JsonNode> required) implements Attempted {}

    /**
     * The tool ran and its answer was complete, but nobody may see it.
     *
     * @param sentence says so, and why
     */
    record Withheld(Cause cause, String sentence) implements Attempted {
        public Reason reason() {
            return cause.reason();
        }
    }

    /**
     * There is no answer that could be passed on: none came in time, or none that MCP allows, or
     * the call was cancelled.
     *
     * @param sent whether this attempt may have run
     */
    record NoAnswer(Cause cause, boolean sent) implements Attempted {
        /** What is refused here has not left, what cannot be kept here was asked for. */
        static NoAnswer of(UpstreamFailure failure, boolean sent) {
            var mayHaveRun =
                    switch (failure) {
                        case EGRESS_DENIED, OVER_LIMIT -> false;
                        case OVERLOADED -> true;
                        case TIMED_OUT,
                                UNREACHABLE,
                                SERVER_ERROR,
                                UNAUTHORISED,
                                HTTP_ERROR,
                                DECLINED,
                                PROTOCOL_ERROR,
                                NOT_JSON,
                                ENCODED,
                                REDIRECT,
                                RESPONSE_TOO_LARGE ->
                                sent;
                    };
            return new NoAnswer(Cause.of(failure, sent), mayHaveRun);
        }

        public Reason reason() {
            return cause.reason();
        }

        /** For the model or the user: why, and what is known of whether it ran. */
        public String sentence() {
            return cause.sentence(sent);
        }
    }
}
