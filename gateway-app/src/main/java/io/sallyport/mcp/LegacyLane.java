package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.Rejections;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The 2025 protocol, with sessions: what each message is answered with (MCP 2025-11-25). */
final class LegacyLane {
    private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Surface surface;
    private final Sessions sessions;
    private final Rejections rejections;

    LegacyLane(Surface surface, Sessions sessions, Rejections rejections) {
        this.surface = surface;
        this.sessions = sessions;
        this.rejections = rejections;
    }

    RpcAnswer answer(RpcMessage message, Exchange exchange) throws InterruptedException {
        if (!exchange.headers().values(McpHeaders.VERSION).stream().allMatch(VERSIONS::contains)) {
            return reject(exchange, "unsupported MCP-Protocol-Version");
        }
        return switch (message) {
            case RpcMessage.Request it -> request(it, exchange);
            case RpcMessage.Notification _, RpcMessage.Response _ -> accept(exchange);
            case RpcMessage.Invalid(var sentence) -> reject(exchange, sentence);
        };
    }

    private RpcAnswer reject(Exchange exchange, String sentence) {
        rejections.rejected(exchange.caller(), "mcp", Reason.INVALID_REQUEST.code());
        return RpcAnswer.error(
                RpcAnswer.noId(false), RpcFault.invalidRequest("Invalid request: " + sentence));
    }

    private RpcAnswer request(RpcMessage.Request request, Exchange exchange)
            throws InterruptedException {
        if (request.method().equals("initialize")) {
            return initialize(request, exchange);
        }
        var fault = sessionFault(exchange);
        return fault.isPresent()
                ? RpcAnswer.error(request.id(), fault.get())
                : inSession(request, exchange);
    }

    private Optional<RpcFault> sessionFault(Exchange exchange) {
        var id = exchange.headers().first(McpHeaders.SESSION);
        if (id.isEmpty()) {
            return Optional.of(RpcFault.invalidRequest("Mcp-Session-Id is required"));
        }
        return sessions.find(id.get(), exchange.caller(), exchange.path()).isPresent()
                ? Optional.empty()
                : Optional.of(RpcFault.of(404, RpcFault.INVALID_REQUEST, "Session not found"));
    }

    /** Notifications are accepted in an open session, and change nothing yet. */
    private RpcAnswer accept(Exchange exchange) {
        return sessionFault(exchange)
                .map(fault -> RpcAnswer.error(RpcAnswer.noId(false), fault))
                .orElseGet(RpcAnswer::accepted);
    }

    private RpcAnswer initialize(RpcMessage.Request request, Exchange exchange) {
        if (!surface.exists(exchange)) {
            return RpcAnswer.error(
                    request.id(), RpcFault.of(404, RpcFault.INVALID_REQUEST, "Not found"));
        }
        var principal = exchange.caller().principal();
        var asked = request.params().path("protocolVersion").asString("");
        var version = VERSIONS.contains(asked) ? asked : VERSIONS.getFirst();
        var session =
                new Session(principal.tenant(), principal.subject(), exchange.path(), version);
        return RpcAnswer.result(request.id(), greeting(version)).inSession(sessions.open(session));
    }

    private static ObjectNode greeting(String version) {
        var result = JSON.objectNode().put("protocolVersion", version);
        result.set("capabilities", Surface.capabilities());
        result.set("serverInfo", Surface.serverInfo());
        return result;
    }

    private RpcAnswer inSession(RpcMessage.Request request, Exchange exchange)
            throws InterruptedException {
        var reply =
                request.method().equals("ping")
                        ? Reply.done(JSON.objectNode())
                        : surface.answer(request.method(), request.params(), exchange)
                                .orElseGet(LegacyLane::unknownMethod);
        return dress(request.id(), reply).recorded(reply.record());
    }

    private static Reply unknownMethod() {
        return Reply.failed(RpcFault.of(200, RpcFault.METHOD_NOT_FOUND, "Method not found"));
    }

    private static RpcAnswer dress(JsonNode id, Reply reply) {
        return switch (reply) {
            case Reply.Done(var result, _) -> RpcAnswer.result(id, result);
            case Reply.Failed(var fault, _) -> RpcAnswer.error(id, fault);
            case Reply.Asked asked -> dress(id, CallReply.cannotAsk(asked));
        };
    }
}
