package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/** The outcome of anything but a tools/call: what went wrong is a JSON-RPC error. */
final class ReadReply {
    private ReadReply() {}

    static Reply of(RpcMessage.Request request, CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Completed done -> CallReply.passed(done.result(), done.record());
            case CallOutcome.ToolFailed failed ->
                    CallReply.passed(failed.result(), failed.record());
            case CallOutcome.InputRequired asked ->
                    failed(Reason.UPSTREAM_PROTOCOL_ERROR, asked.record());
            case CallOutcome.Refused refused -> refused(request, refused);
            case CallOutcome.ApprovalPending pending ->
                    failed(Reason.APPROVAL_REQUIRED, pending.record());
            case CallOutcome.Watching watching ->
                    new Reply.Done(JsonNodeFactory.instance.objectNode(), watching.record());
            case CallOutcome.RejectedUpstream rejected -> rejected(request, rejected);
            case CallOutcome.Withheld withheld -> failed(withheld.reason(), withheld.record());
            case CallOutcome.Unreachable broken -> failed(broken.reason(), broken.record());
            case CallOutcome.TimedOut late -> failed(Reason.UPSTREAM_TIMEOUT, late.record());
            case CallOutcome.Cancelled cancelled -> failed(Reason.CANCELLED, cancelled.record());
        };
    }

    private static Reply refused(RpcMessage.Request request, CallOutcome.Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_TOOL, UNKNOWN_RESOURCE, UNKNOWN_PROMPT, NOT_ALLOWED ->
                    new Reply.Failed(unknown(request, refused.sentence()), refused.record());
            case INVALID_ARGUMENTS ->
                    new Reply.Failed(RpcFault.invalidParams(refused.sentence()), refused.record());
            case AUDIT_UNAVAILABLE, POLICY_UNAVAILABLE, STORE_UNAVAILABLE, OVERLOADED ->
                    new Reply.Failed(
                            RpcFault.of(503, RpcFault.INTERNAL_ERROR, refused.reason().code()),
                            refused.record());
            default -> failed(refused.reason(), refused.record());
        };
    }

    /** The URI is what the client sent itself (MCP 2026-07-28, resources, error handling). */
    private static RpcFault unknown(RpcMessage.Request request, String sentence) {
        var fault = RpcFault.invalidParams(sentence);
        var uri = request.params().path("uri");
        return uri.isString()
                ? fault.with(JsonNodeFactory.instance.objectNode().put("uri", uri.asString()))
                : fault;
    }

    /** Only whether it is the caller's fault is passed on; what the upstream says is not. */
    private static Reply rejected(
            RpcMessage.Request request, CallOutcome.RejectedUpstream rejected) {
        return switch (rejected.code()) {
            case RpcFault.INVALID_PARAMS, -32002 ->
                    new Reply.Failed(
                            unknown(request, "The server refused the request."), rejected.record());
            default -> failed(Reason.UPSTREAM_ERROR, rejected.record());
        };
    }

    private static Reply failed(Reason reason, Optional<String> record) {
        var more = JsonNodeFactory.instance.objectNode().put("code", reason.code());
        return new Reply.Failed(
                RpcFault.of(200, RpcFault.INTERNAL_ERROR, "The request failed: " + reason.code())
                        .with(more),
                record);
    }
}
