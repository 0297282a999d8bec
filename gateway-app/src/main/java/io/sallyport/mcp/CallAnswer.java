package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallOutcome.PendingApproval;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A call's outcome as a JSON-RPC answer: what a model may react to is a result with isError. */
final class CallAnswer {
    private static final String RECORD = "io.sallyport/record";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CallAnswer() {}

    static RpcAnswer of(JsonNode id, CallOutcome outcome) {
        return answer(id, outcome).recorded(outcome.record());
    }

    private static RpcAnswer answer(JsonNode id, CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Completed done -> passed(id, done.result(), done.record());
            case CallOutcome.ToolFailed failed -> passed(id, failed.result(), failed.record());
            case CallOutcome.InputRequired asked -> inputRequired(id, asked);
            case CallOutcome.Refused refused -> refused(id, refused);
            case CallOutcome.ApprovalPending pending -> pending(id, pending);
            case CallOutcome.RejectedUpstream(_, _, var record, _) ->
                    failed(id, Reason.UPSTREAM_ERROR, "The server could not be used.", record);
            case CallOutcome.Unreachable broken ->
                    failed(id, broken.reason(), "The server could not be used.", broken.record());
            case CallOutcome.TimedOut late ->
                    failed(
                            id,
                            Reason.UPSTREAM_TIMEOUT,
                            "The server did not answer in time; the tool may have run.",
                            late.record());
            case CallOutcome.Cancelled cancelled ->
                    failed(id, Reason.CANCELLED, "The call was cancelled.", cancelled.record());
        };
    }

    /** The upstream's own tree, with our record's id in its _meta. */
    private static RpcAnswer passed(JsonNode id, JsonNode result, Optional<String> record) {
        var copy = ((ObjectNode) result).objectNode();
        ((ObjectNode) result).properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        record.ifPresent(it -> meta(copy).put(RECORD, it));
        return RpcAnswer.result(id, copy);
    }

    private static ObjectNode meta(ObjectNode result) {
        var meta = JSON.objectNode();
        if (result.get("_meta") instanceof ObjectNode theirs) {
            meta.setAll(theirs);
        }
        result.set("_meta", meta);
        return meta;
    }

    /** A 2025 client cannot answer it: the lane that can is the 2026 one. */
    private static RpcAnswer inputRequired(JsonNode id, CallOutcome.InputRequired asked) {
        return failed(
                id,
                Reason.UPSTREAM_PROTOCOL_ERROR,
                "The server asks for input that this client cannot give.",
                asked.record());
    }

    private static RpcAnswer refused(JsonNode id, CallOutcome.Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_TOOL, UNKNOWN_RESOURCE, UNKNOWN_PROMPT ->
                    RpcAnswer.error(200, id, RpcAnswer.INVALID_PARAMS, refused.sentence());
            case AUDIT_UNAVAILABLE, POLICY_UNAVAILABLE, STORE_UNAVAILABLE ->
                    RpcAnswer.error(503, id, RpcAnswer.INTERNAL_ERROR, refused.reason().code());
            default -> {
                var result = isError(refused.reason(), refused.sentence());
                if (!refused.details().isEmpty()) {
                    var errors = structured(result).putArray("errors");
                    refused.details().forEach(errors::add);
                }
                refused.record().ifPresent(it -> meta(result).put(RECORD, it));
                yield RpcAnswer.result(id, result);
            }
        };
    }

    private static RpcAnswer pending(JsonNode id, CallOutcome.ApprovalPending pending) {
        var ids = pending.approvals().stream().map(PendingApproval::id).toList();
        var result =
                isError(
                        Reason.APPROVAL_REQUIRED,
                        "This call waits for approval ("
                                + String.join(", ", ids)
                                + "). Make the same call again once it was given.");
        var structured = structured(result);
        describeFirst(structured, pending.approvals());
        var all = structured.putArray("approvals");
        pending.approvals().forEach(it -> describe(all.addObject(), it));
        pending.record().ifPresent(it -> meta(result).put(RECORD, it));
        return RpcAnswer.result(id, result);
    }

    private static void describeFirst(ObjectNode structured, List<PendingApproval> approvals) {
        approvals.stream().findFirst().ifPresent(it -> describe(structured, it));
    }

    private static void describe(ObjectNode target, PendingApproval approval) {
        target.put("approvalId", approval.id()).put("expiresAt", approval.expires().toString());
    }

    private static RpcAnswer failed(
            JsonNode id, Reason reason, String sentence, Optional<String> record) {
        var result = isError(reason, sentence);
        record.ifPresent(it -> meta(result).put(RECORD, it));
        return RpcAnswer.result(id, result);
    }

    private static ObjectNode isError(Reason reason, String sentence) {
        var result = JSON.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", sentence);
        result.putObject("structuredContent").put("code", reason.code());
        return result.put("isError", true);
    }

    private static ObjectNode structured(ObjectNode result) {
        return (ObjectNode) result.get("structuredContent");
    }
}
