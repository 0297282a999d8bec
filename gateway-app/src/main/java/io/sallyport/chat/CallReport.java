package io.sallyport.chat;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.gate.CallResult;
import io.sallyport.policy.ToolRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a run and how it ended.
 *
 * @param entry an element of {@code x_sallyport.tool_calls}
 * @param text what the model reads
 * @param toolsWord whether that is what the tool itself said
 * @param sideEffects whether the call may have changed something, so that the run must not be
 *     repeated
 * @param approvals elements of {@code x_sallyport.approvals}
 */
record CallReport(
        RequestedCall call,
        ObjectNode entry,
        String text,
        boolean toolsWord,
        boolean sideEffects,
        List<JsonNode> approvals) {
    /**
     * Refusals of a call that was sent, by this attempt or by an equal one before, or of which that
     * is not known. What came back and was refused is no such refusal but an outcome of its own.
     */
    private static final Set<Reason> PERHAPS_SENT =
            EnumSet.of(Reason.REPEATED_ATTEMPT, Reason.OUTCOME_UNRECORDED, Reason.INTERNAL_ERROR);

    private static final Set<String> UNSENT =
            Set.of(Reason.CANCELLED.code(), Reason.AUDIT_UNAVAILABLE.code());

    CallReport {
        approvals = List.copyOf(approvals);
    }

    /**
     * @param tool absent for a name that was not offered
     * @param readOnly whether the tool only reads, so that a repetition does no harm
     */
    static CallReport of(
            RequestedCall call,
            Optional<ToolRef> tool,
            boolean readOnly,
            CallResult result,
            long millis) {
        var outcome = result.outcome();
        var entry = JsonNodeFactory.instance.objectNode();
        entry.put("id", call.id());
        putTool(entry, tool);
        entry.put("status", status(outcome));
        entry.put("duration_ms", millis);
        result.record().ifPresent(it -> entry.put("record", it));
        return new CallReport(
                call,
                entry,
                ToolMessages.text(outcome),
                isToolsWord(outcome),
                !readOnly && mayHaveRun(outcome),
                approvals(outcome).stream().map(it -> tree(call, tool, it)).toList());
    }

    /** Whether it was not sent because its client had left, or nothing could be recorded. */
    boolean isUnsent() {
        return !sideEffects && UNSENT.contains(Members.text(entry, "status"));
    }

    private static boolean mayHaveRun(CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Answered _ -> true;
            case CallOutcome.InputRequired _ -> true;
            case CallOutcome.RejectedUpstream _ -> true;
            case CallOutcome.Withheld _ -> true;
            case CallOutcome.NoAnswer it -> it.sent();
            case CallOutcome.ApprovalPending _ -> false;
            case CallOutcome.Refused it -> PERHAPS_SENT.contains(it.reason());
        };
    }

    private static boolean isToolsWord(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Answered;
    }

    private static List<PendingApproval> approvals(CallOutcome outcome) {
        return outcome instanceof CallOutcome.ApprovalPending pending
                ? pending.approvals()
                : List.of();
    }

    private static void putTool(ObjectNode tree, Optional<ToolRef> tool) {
        tool.ifPresent(it -> {
            tree.put("server", it.server().value());
            tree.put("tool", it.tool());
        });
    }

    /** {@code ok}, or the code of the reason. */
    private static String status(CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Completed _ -> "ok";
            case CallOutcome.ToolFailed _, CallOutcome.RpcFailed _ -> "tool_error";
            case CallOutcome.Refused it -> it.reason().code();
            case CallOutcome.ApprovalPending _ -> Reason.APPROVAL_REQUIRED.code();
            case CallOutcome.InputRequired _ -> "input_required";
            case CallOutcome.RejectedUpstream _ -> Reason.UPSTREAM_ERROR.code();
            case CallOutcome.Withheld it -> it.reason().code();
            case CallOutcome.NoAnswer it -> it.reason().code();
        };
    }

    private static JsonNode tree(
            RequestedCall call, Optional<ToolRef> tool, PendingApproval approval) {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", approval.id());
        putTool(tree, tool);
        tree.put("arguments", call.arguments());
        tree.put("reason", approval.reason());
        tree.put("expires_at", approval.expires().toString());
        return tree;
    }

    /** The same with what fits of a tool's own words; what we say of a call is short. */
    CallReport within(ResultBudget results) {
        return toolsWord
                ? new CallReport(call, entry, results.fit(text), true, sideEffects, approvals)
                : this;
    }

    /** For the journal of the run; {@link #read} reads it. */
    ObjectNode tree() {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.set("entry", entry);
        tree.put("text", text);
        tree.put("word", toolsWord);
        tree.put("effects", sideEffects);
        approvals.forEach(tree.putArray("approvals")::add);
        return tree;
    }

    static CallReport read(RequestedCall call, JsonNode tree) {
        return new CallReport(
                call,
                (ObjectNode) tree.path("entry"),
                Members.text(tree, "text"),
                Members.isTrue(tree, "word"),
                Members.isTrue(tree, "effects"),
                Members.elements(tree, "approvals"));
    }
}
