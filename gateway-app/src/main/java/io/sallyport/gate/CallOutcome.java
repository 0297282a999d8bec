package io.sallyport.gate;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ServerChange;
import io.sallyport.error.Reason;
import io.sallyport.policy.ToolRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/**
 * How one attempt ended. {@link #record()} is the id ({@code writer:epoch:wseq}) of the durable
 * record that says so; it is empty only when nothing could be written.
 */
public sealed interface CallOutcome {
    Optional<String> record();

    /** The upstream answered; {@code result} is its CallToolResult tree. */
    record Completed(ToolRef tool, JsonNode result, Optional<String> record, long micros)
            implements CallOutcome {}

    /** The upstream answered with {@code isError:true}. */
    record ToolFailed(ToolRef tool, JsonNode result, Optional<String> record, long micros)
            implements CallOutcome {}

    /**
     * Nothing was sent, or what came back must not be shown.
     *
     * @param sentence for the model or the user; never carries arguments, hosts or rules
     * @param details JSON pointers of invalid arguments, else empty
     */
    record Refused(Reason reason, String sentence, List<String> details, Optional<String> record)
            implements CallOutcome {
        public Refused {
            details = List.copyOf(details);
        }
    }

    /** The call waits for people; the same call made again after their decision runs once. */
    record ApprovalPending(ToolRef tool, List<PendingApproval> approvals, Optional<String> record)
            implements CallOutcome {
        public ApprovalPending {
            approvals = List.copyOf(approvals);
        }
    }

    /**
     * The upstream asks for more before it can finish (MRTR); relayed by the MCP face only.
     *
     * @param result with {@code inputRequests}, without the upstream's own state
     * @param continuation what the next leg of the same call brings along
     */
    record InputRequired(
            ToolRef tool,
            JsonNode result,
            Continuation continuation,
            Optional<String> record,
            long micros)
            implements CallOutcome {}

    /**
     * The caller may hear of updates of a resource.
     *
     * @param updates what the server tells, from the moment of subscription and until cancelled;
     *     subscribing asks the server. Fails when it cannot tell any more
     */
    record Watching(ToolRef tool, Flux<ServerChange> updates, Optional<String> record, long micros)
            implements CallOutcome {}

    /**
     * The upstream answered something other than a tools/call with a JSON-RPC error, or a
     * tools/call with the error that the client lacks a capability.
     *
     * @param code as the upstream sent it
     * @param required the capabilities that the client would need, as the upstream sent them
     */
    record RejectedUpstream(
            ToolRef tool,
            int code,
            Optional<JsonNode> required,
            Optional<String> record,
            long micros)
            implements CallOutcome {}

    /**
     * The tool ran and its answer was complete, but nobody may see it.
     *
     * @param sentence says so, and why
     */
    record Withheld(
            ToolRef tool, Reason reason, String sentence, Optional<String> record, long micros)
            implements CallOutcome {}

    /**
     * The upstream could not be reached or broke the protocol.
     *
     * @param sent whether it may have run
     * @param sentence for the model or the user: why, and what is known of whether it ran
     */
    record Unreachable(
            ToolRef tool,
            Reason reason,
            boolean sent,
            String sentence,
            Optional<String> record,
            long micros)
            implements CallOutcome {}

    /** No answer within the timeout; the tool may have run. */
    record TimedOut(ToolRef tool, Optional<String> record, long micros) implements CallOutcome {
        /** For the model or the user. */
        public String sentence() {
            return Cause.TIMEOUT.sentence(true);
        }
    }

    /** The caller went away or cancelled; the tool may have run. */
    record Cancelled(ToolRef tool, Optional<String> record, long micros) implements CallOutcome {
        /** For the model or the user. */
        public String sentence() {
            return Cause.CANCELLED.sentence(true);
        }
    }

    /** One open approval as its requester sees it. */
    record PendingApproval(String id, Instant expires, String reason) {}
}
