package io.sallyport.chat;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.policy.ToolRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a run and how it ended.
 *
 * @param tool absent for a name that was not offered
 * @param readOnly whether the tool only reads, so that a repetition does no harm
 */
record CallReport(
        RequestedCall call,
        Optional<ToolRef> tool,
        boolean readOnly,
        CallOutcome outcome,
        long millis) {
    /** Refusals for what came back; every other refusal was made before anything was sent. */
    private static final Set<Reason> REFUSED_AFTERWARDS =
            EnumSet.of(
                    Reason.OUTCOME_UNRECORDED,
                    Reason.OUTPUT_SCHEMA_VIOLATION,
                    Reason.RESPONSE_TOO_LARGE,
                    Reason.UPSTREAM_ERROR,
                    Reason.UPSTREAM_TIMEOUT,
                    Reason.UPSTREAM_REDIRECT,
                    Reason.UPSTREAM_PROTOCOL_ERROR,
                    Reason.STORE_UNAVAILABLE,
                    Reason.INTERNAL_ERROR,
                    Reason.CANCELLED,
                    Reason.STOPPED);

    /** Whether the call may have changed something, so that the run must not be repeated. */
    boolean hasSideEffects() {
        return !readOnly && mayHaveRun();
    }

    private boolean mayHaveRun() {
        return switch (outcome) {
            case CallOutcome.Completed _ -> true;
            case CallOutcome.ToolFailed _ -> true;
            case CallOutcome.InputRequired _ -> true;
            case CallOutcome.RejectedUpstream _, CallOutcome.Watching _ -> true;
            case CallOutcome.Withheld _ -> true;
            case CallOutcome.TimedOut _ -> true;
            case CallOutcome.Cancelled _ -> true;
            case CallOutcome.Unreachable it -> it.sent();
            case CallOutcome.ApprovalPending _ -> false;
            case CallOutcome.Refused it -> REFUSED_AFTERWARDS.contains(it.reason());
        };
    }

    /** Whether the model reads what the tool itself said. */
    boolean isToolsWord() {
        return outcome instanceof CallOutcome.Completed
                || outcome instanceof CallOutcome.ToolFailed;
    }

    List<PendingApproval> approvals() {
        return outcome instanceof CallOutcome.ApprovalPending pending
                ? pending.approvals()
                : List.of();
    }

    /** An entry of {@code x_sallyport.tool_calls}. */
    ObjectNode tree() {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", call.id());
        putTool(tree);
        tree.put("status", status());
        tree.put("duration_ms", millis);
        outcome.record().ifPresent(it -> tree.put("record", it));
        return tree;
    }

    private void putTool(ObjectNode tree) {
        tool.ifPresent(it -> {
            tree.put("server", it.server().value());
            tree.put("tool", it.tool());
        });
    }

    /** {@code ok}, or the code of the reason. */
    private String status() {
        return switch (outcome) {
            case CallOutcome.Completed _ -> "ok";
            case CallOutcome.ToolFailed _ -> "tool_error";
            case CallOutcome.Refused it -> it.reason().code();
            case CallOutcome.ApprovalPending _ -> Reason.APPROVAL_REQUIRED.code();
            case CallOutcome.InputRequired _ -> "input_required";
            case CallOutcome.RejectedUpstream _, CallOutcome.Watching _ ->
                    Reason.UPSTREAM_ERROR.code();
            case CallOutcome.Withheld it -> it.reason().code();
            case CallOutcome.Unreachable it -> it.reason().code();
            case CallOutcome.TimedOut _ -> Reason.UPSTREAM_TIMEOUT.code();
            case CallOutcome.Cancelled _ -> Reason.CANCELLED.code();
        };
    }

    /** An entry of {@code x_sallyport.approvals}. */
    ObjectNode approvalTree(PendingApproval approval) {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", approval.id());
        putTool(tree);
        tree.put("arguments", call.arguments());
        tree.put("reason", approval.reason());
        tree.put("expires_at", approval.expires().toString());
        return tree;
    }
}
