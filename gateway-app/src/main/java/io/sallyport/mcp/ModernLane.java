package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.recording.Rejections;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The 2026 protocol: every request stands for itself (MCP 2026-07-28). */
final class ModernLane {
    /** Results that a client may keep for a while; ours are stale at once, rules may change. */
    private static final Set<String> CACHEABLE =
            Set.of(
                    "server/discover",
                    "tools/list",
                    "prompts/list",
                    "resources/list",
                    "resources/templates/list",
                    "resources/read");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EndpointCalls endpointCalls;
    private final ModernCalls calls;
    private final ParamRules params;
    private final Listeners listeners;
    private final Updates updates;
    private final Rejections rejections;

    ModernLane(
            EndpointCalls endpointCalls,
            ModernCalls calls,
            Listeners listeners,
            Updates updates,
            Rejections rejections) {
        this.endpointCalls = endpointCalls;
        this.calls = calls;
        params = new ParamRules(endpointCalls.lists());
        this.listeners = listeners;
        this.updates = updates;
        this.rejections = rejections;
    }

    RpcAnswer answer(RpcMessage message, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        return switch (message) {
            case RpcMessage.Request request -> request(request, context, inFlight);
            case RpcMessage.Notification it -> notification(it, context);
            case RpcMessage.Response _ ->
                    refuse(
                            RpcAnswer.noId(true),
                            RpcFault.invalidRequest("Invalid request: nothing was asked"),
                            context);
            case RpcMessage.Invalid(var sentence) ->
                    refuse(
                            RpcAnswer.noId(true),
                            RpcFault.invalidRequest("Invalid request: " + sentence),
                            context);
        };
    }

    private RpcAnswer notification(RpcMessage.Notification it, McpRequestContext context) {
        var fault =
                ModernRules.versionFault(it, context.headers())
                        .or(() -> ModernRules.methodFault(it.method(), context.headers()));
        return fault.map(found -> refuse(RpcAnswer.noId(true), found, context))
                .orElseGet(RpcAnswer::accepted);
    }

    private RpcAnswer request(
            RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        inFlight.endWithClient();
        var fault = fault(request, context);
        if (fault.isPresent()) {
            return refuse(request.id(), fault.get(), context);
        }
        var reply = reply(request, context, inFlight);
        return dress(request, reply).recorded(reply.record());
    }

    private Reply reply(
            RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        if (Calls.isCall(request.method())) {
            return calls.call(request, context, inFlight);
        }
        return switch (request.method()) {
            case "server/discover" -> Reply.done(discover(context));
            case "subscriptions/listen" -> listen(request, context, inFlight);
            default ->
                    endpointCalls
                            .lists()
                            .answer(request, context)
                            .orElseGet(() -> Reply.failed(unknownMethod()));
        };
    }

    private Optional<RpcFault> fault(RpcMessage.Request request, McpRequestContext context) {
        var headers = context.headers();
        return ModernRules.versionFault(request, headers)
                .or(() -> ModernRules.methodFault(request.method(), headers))
                .or(() -> unknown(request.method()))
                .or(() -> ModernRules.headerFault(request, headers))
                .or(() -> ModernRules.metaFault(request))
                .or(() -> params.fault(request, context))
                .or(() ->
                        endpointCalls.exists(context) ? Optional.empty() : Optional.of(notFound()));
    }

    private static Optional<RpcFault> unknown(String method) {
        return ModernRules.isMethod(method) ? Optional.empty() : Optional.of(unknownMethod());
    }

    private static RpcFault unknownMethod() {
        return RpcFault.of(404, RpcFault.METHOD_NOT_FOUND, "Method not found");
    }

    private static RpcFault notFound() {
        return RpcFault.of(404, RpcFault.INVALID_REQUEST, "Not found");
    }

    /** What is ambiguous or malformed is worth a record; a question about nothing is not. */
    private RpcAnswer refuse(JsonNode id, RpcFault fault, McpRequestContext context) {
        if (fault.status() == 400) {
            var reason =
                    fault.code() == RpcFault.HEADER_MISMATCH
                            ? Reason.HEADER_MISMATCH
                            : Reason.INVALID_REQUEST;
            rejections.rejected(context.caller(), "mcp", reason.code());
        }
        return RpcAnswer.error(id, fault);
    }

    private ObjectNode discover(McpRequestContext context) {
        var result = JSON.objectNode();
        result.putArray("supportedVersions").add(ModernRules.VERSION);
        return endpointCalls.greet(context, result);
    }

    private Reply listen(
            RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        return inFlight.channel().streams()
                ? new Subscription(endpointCalls, listeners, updates)
                        .run(request, context, inFlight)
                : Reply.failed(RpcFault.invalidRequest("text/event-stream is not accepted"));
    }

    private static RpcAnswer dress(RpcMessage.Request request, Reply reply) {
        return switch (reply) {
            case Reply.Done(var result, _) ->
                    RpcAnswer.result(request.id(), complete(request.method(), result));
            case Reply.Failed(var fault, _) -> RpcAnswer.error(request.id(), fault);
        };
    }

    /**
     * Adds what this revision wants of every result. Only {@link ModernCalls} asks anything: {@link
     * CallReply#passed} took the type from the results of upstreams.
     */
    private static ObjectNode complete(String method, ObjectNode result) {
        if (!result.path("resultType").asString("").equals("input_required")) {
            result.put("resultType", "complete");
        }
        if (CACHEABLE.contains(method)) {
            result.put("ttlMs", 0).put("cacheScope", "private");
        }
        CallReply.meta(result).set(ModernRules.META + "serverInfo", EndpointCalls.serverInfo());
        return result;
    }
}
