package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallResult;
import io.sallyport.gate.SubscriptionResult;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/** The outcome of anything but a tools/call: what went wrong is a JSON-RPC error. */
final class ReadReply {
    private ReadReply() {}

    static Reply of(RpcMessage.Request request, CallResult result) {
        var record = result.record();
        return switch (result.outcome()) {
            case CallOutcome.Answered answered -> CallReply.passed(answered.result(), record);
            case CallOutcome.InputRequired _ -> failed(Reason.UPSTREAM_PROTOCOL_ERROR, record);
            case CallOutcome.Refused refused -> refused(request, refused, record);
            case CallOutcome.ApprovalPending _ -> failed(Reason.APPROVAL_REQUIRED, record);
            case CallOutcome.RejectedUpstream rejected -> rejected(request, rejected, record);
            case CallOutcome.Withheld withheld -> failed(withheld.reason(), record);
            case CallOutcome.NoAnswer none -> failed(none.reason(), record);
        };
    }

    /** Of a wish to hear of a resource. */
    static Reply of(RpcMessage.Request request, SubscriptionResult result) {
        return switch (result) {
            case SubscriptionResult.Watching(_, var record) ->
                    new Reply.Done(JsonNodeFactory.instance.objectNode(), Optional.of(record));
            case SubscriptionResult.NotWatching(var why) -> of(request, why);
        };
    }

    private static Reply refused(
            RpcMessage.Request request, CallOutcome.Refused refused, Optional<String> record) {
        return switch (refused.reason()) {
            case UNKNOWN_TOOL, UNKNOWN_RESOURCE, UNKNOWN_PROMPT, NOT_ALLOWED ->
                    new Reply.Failed(unknown(request, refused.sentence()), record);
            case INVALID_ARGUMENTS ->
                    new Reply.Failed(RpcFault.invalidParams(refused.sentence()), record);
            case AUDIT_UNAVAILABLE, POLICY_UNAVAILABLE, STORE_UNAVAILABLE, OVERLOADED ->
                    new Reply.Failed(
                            RpcFault.of(503, RpcFault.INTERNAL_ERROR, refused.reason().code()),
                            record);
            default -> failed(refused.reason(), record);
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
            RpcMessage.Request request,
            CallOutcome.RejectedUpstream rejected,
            Optional<String> record) {
        return switch (rejected.code()) {
            case RpcFault.INVALID_PARAMS, -32002 ->
                    new Reply.Failed(unknown(request, "The server refused the request."), record);
            default -> failed(Reason.UPSTREAM_ERROR, record);
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
