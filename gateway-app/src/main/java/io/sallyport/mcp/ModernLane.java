package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.Rejections;
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

    private final Surface surface;
    private final ModernCalls calls;
    private final ParamRules params;
    private final Listeners listeners;
    private final Updates updates;
    private final Rejections rejections;

    ModernLane(
            Surface surface,
            ModernCalls calls,
            Listeners listeners,
            Updates updates,
            Rejections rejections) {
        this.surface = surface;
        this.calls = calls;
        params = new ParamRules(surface.lists());
        this.listeners = listeners;
        this.updates = updates;
        this.rejections = rejections;
    }

    RpcAnswer answer(RpcMessage message, Exchange exchange, Task task) throws InterruptedException {
        return switch (message) {
            case RpcMessage.Request request -> request(request, exchange, task);
            case RpcMessage.Notification it -> notification(it, exchange);
            case RpcMessage.Response _ ->
                    refuse(
                            RpcAnswer.noId(true),
                            RpcFault.invalidRequest("Invalid request: nothing was asked"),
                            exchange);
            case RpcMessage.Invalid(var sentence) ->
                    refuse(
                            RpcAnswer.noId(true),
                            RpcFault.invalidRequest("Invalid request: " + sentence),
                            exchange);
        };
    }

    private RpcAnswer notification(RpcMessage.Notification it, Exchange exchange) {
        var fault =
                ModernRules.versionFault(it, exchange.headers())
                        .or(() -> ModernRules.methodFault(it.method(), exchange.headers()));
        return fault.map(found -> refuse(RpcAnswer.noId(true), found, exchange))
                .orElseGet(RpcAnswer::accepted);
    }

    private RpcAnswer request(RpcMessage.Request request, Exchange exchange, Task task)
            throws InterruptedException {
        task.endWithClient();
        var fault = fault(request, exchange);
        if (fault.isPresent()) {
            return refuse(request.id(), fault.get(), exchange);
        }
        var reply = reply(request, exchange, task);
        return dress(request, reply).recorded(reply.record());
    }

    private Reply reply(RpcMessage.Request request, Exchange exchange, Task task)
            throws InterruptedException {
        if (Calls.isCall(request.method())) {
            return calls.call(request, exchange, task);
        }
        return switch (request.method()) {
            case "server/discover" -> Reply.done(discover(exchange));
            case "subscriptions/listen" -> listen(request, exchange, task);
            default ->
                    surface.lists()
                            .answer(request, exchange)
                            .orElseGet(() -> Reply.failed(unknownMethod()));
        };
    }

    private Optional<RpcFault> fault(RpcMessage.Request request, Exchange exchange) {
        var headers = exchange.headers();
        return ModernRules.versionFault(request, headers)
                .or(() -> ModernRules.methodFault(request.method(), headers))
                .or(() -> unknown(request.method()))
                .or(() -> ModernRules.headerFault(request, headers))
                .or(() -> ModernRules.metaFault(request))
                .or(() -> params.fault(request, exchange))
                .or(() -> surface.exists(exchange) ? Optional.empty() : Optional.of(notFound()));
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
    private RpcAnswer refuse(JsonNode id, RpcFault fault, Exchange exchange) {
        if (fault.status() == 400) {
            var reason =
                    fault.code() == RpcFault.HEADER_MISMATCH
                            ? Reason.HEADER_MISMATCH
                            : Reason.INVALID_REQUEST;
            rejections.rejected(exchange.caller(), "mcp", reason.code());
        }
        return RpcAnswer.error(id, fault);
    }

    private ObjectNode discover(Exchange exchange) {
        var result = JSON.objectNode();
        result.putArray("supportedVersions").add(ModernRules.VERSION);
        return surface.greet(exchange, result);
    }

    private Reply listen(RpcMessage.Request request, Exchange exchange, Task task)
            throws InterruptedException {
        return task.channel().streams()
                ? new Subscription(surface, listeners, updates).run(request, exchange, task)
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
        CallReply.meta(result).set(ModernRules.META + "serverInfo", Surface.serverInfo());
        return result;
    }
}
