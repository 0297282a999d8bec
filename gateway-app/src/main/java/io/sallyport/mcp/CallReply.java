package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallOutcome.PendingApproval;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The outcome of a tools/call: what a model may react to is a result with isError. */
final class CallReply {
    private static final String RECORD = "io.sallyport/record";

    /** What tells clients that they are asked something; no result of an upstream does. */
    private static final Set<String> ASKING = Set.of("resultType", "inputRequests", "requestState");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CallReply() {}

    static Reply of(CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Completed done -> passed(done.result(), done.record());
            case CallOutcome.ToolFailed failed -> passed(failed.result(), failed.record());
            case CallOutcome.InputRequired asked -> cannotAsk(asked.record());
            case CallOutcome.Refused refused -> refused(refused);
            case CallOutcome.ApprovalPending pending -> pending(pending);
            case CallOutcome.RejectedUpstream(_, _, _, var record, _) ->
                    failed(Reason.UPSTREAM_ERROR, "The server could not be used.", record);
            case CallOutcome.Watching(_, _, var record, _) ->
                    failed(Reason.UPSTREAM_ERROR, "The server could not be used.", record);
            case CallOutcome.Withheld withheld -> withheld(withheld);
            case CallOutcome.Unreachable broken when broken.sent() ->
                    mayHaveRun(broken.reason(), broken.sentence(), broken.record());
            case CallOutcome.Unreachable broken ->
                    failed(broken.reason(), broken.sentence(), broken.record());
            case CallOutcome.TimedOut late ->
                    mayHaveRun(
                            Reason.UPSTREAM_TIMEOUT,
                            "The server did not answer in time; the tool may have run.",
                            late.record());
            case CallOutcome.Cancelled cancelled ->
                    mayHaveRun(
                            Reason.CANCELLED,
                            "The call was cancelled; the tool may have run.",
                            cancelled.record());
        };
    }

    /**
     * The upstream's own tree, with our record's id in its _meta. It is a whole result, whatever it
     * says: what an upstream really asks is an outcome of its own.
     */
    static Reply passed(JsonNode result, Optional<String> record) {
        var copy = JSON.objectNode();
        result.properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        copy.remove(ASKING);
        return recorded(copy, record);
    }

    private static Reply recorded(ObjectNode result, Optional<String> record) {
        record.ifPresent(it -> meta(result).put(RECORD, it));
        return new Reply.Done(result, record);
    }

    /** The _meta of a result of ours, a copy of what the upstream wrote there. */
    static ObjectNode meta(ObjectNode result) {
        var meta = JSON.objectNode();
        if (result.get("_meta") instanceof ObjectNode theirs) {
            meta.setAll(theirs);
        }
        result.set("_meta", meta);
        return meta;
    }

    private static Reply refused(CallOutcome.Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_TOOL, UNKNOWN_RESOURCE, UNKNOWN_PROMPT, TOOL_NOT_OFFERED ->
                    new Reply.Failed(RpcFault.invalidParams(refused.sentence()), refused.record());
            case AUDIT_UNAVAILABLE, POLICY_UNAVAILABLE, STORE_UNAVAILABLE, OVERLOADED ->
                    new Reply.Failed(
                            RpcFault.of(503, RpcFault.INTERNAL_ERROR, refused.reason().code()),
                            refused.record());
            default -> {
                var result = isError(refused.reason(), refused.sentence());
                if (!refused.details().isEmpty()) {
                    var errors = structured(result).putArray("errors");
                    refused.details().forEach(errors::add);
                }
                yield recorded(result, refused.record());
            }
        };
    }

    private static Reply pending(CallOutcome.ApprovalPending pending) {
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
        return recorded(result, pending.record());
    }

    private static void describeFirst(ObjectNode structured, List<PendingApproval> approvals) {
        approvals.stream().findFirst().ifPresent(it -> describe(structured, it));
    }

    private static void describe(ObjectNode target, PendingApproval approval) {
        target.put("approvalId", approval.id()).put("expiresAt", approval.expires().toString());
    }

    private static Reply withheld(CallOutcome.Withheld withheld) {
        var result = isError(withheld.reason(), withheld.sentence());
        structured(result).put("ran", true);
        return recorded(result, withheld.record());
    }

    private static Reply mayHaveRun(Reason reason, String sentence, Optional<String> record) {
        var result = isError(reason, sentence);
        structured(result).put("may_have_run", true);
        return recorded(result, record);
    }

    /** The client cannot answer what the upstream asks. */
    static Reply cannotAsk(Optional<String> record) {
        return failed(
                Reason.UPSTREAM_PROTOCOL_ERROR,
                "The server asks for input that this client cannot give.",
                record);
    }

    private static Reply failed(Reason reason, String sentence, Optional<String> record) {
        return recorded(isError(reason, sentence), record);
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
