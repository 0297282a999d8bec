package io.sallyport.mcp;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.Gate;
import io.sallyport.gate.Governance;
import io.sallyport.gate.Peer;
import io.sallyport.gate.TenantView;
import io.sallyport.gate.ToolCall;
import io.sallyport.identity.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The 2025 protocol, with sessions: what each method answers (MCP 2025-11-25). */
final class LegacyLane {
    private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Gate gate;
    private final Governance governance;
    private final Sessions sessions;

    LegacyLane(Gate gate, Governance governance, Sessions sessions) {
        this.gate = gate;
        this.governance = governance;
        this.sessions = sessions;
    }

    /** One request and where it came in. */
    record Exchange(Endpoint endpoint, String path, Caller caller, Optional<String> session) {}

    static boolean speaks(String version) {
        return VERSIONS.contains(version);
    }

    RpcAnswer answer(RpcMessage.Request request, Exchange exchange) throws InterruptedException {
        if (request.method().equals("initialize")) {
            return initialize(request, exchange);
        }
        if (exchange.session().isEmpty()) {
            return RpcAnswer.error(
                    400, request.id(), RpcAnswer.INVALID_REQUEST, "Mcp-Session-Id is required");
        }
        return isOpen(exchange)
                ? inSession(request, exchange)
                : RpcAnswer.error(
                        404, request.id(), RpcAnswer.INVALID_REQUEST, "Session not found");
    }

    private boolean isOpen(Exchange exchange) {
        return exchange.session()
                .flatMap(it -> sessions.find(it, exchange.caller(), exchange.path()))
                .isPresent();
    }

    /** Notifications are accepted in an open session, and change nothing yet. */
    RpcAnswer accept(Exchange exchange) {
        if (exchange.session().isEmpty()) {
            return RpcAnswer.error(
                    400, JSON.nullNode(), RpcAnswer.INVALID_REQUEST, "Mcp-Session-Id is required");
        }
        return isOpen(exchange)
                ? RpcAnswer.accepted()
                : RpcAnswer.error(
                        404, JSON.nullNode(), RpcAnswer.INVALID_REQUEST, "Session not found");
    }

    private RpcAnswer initialize(RpcMessage.Request request, Exchange exchange) {
        var principal = exchange.caller().principal();
        if (!exchange.endpoint().exists(governance.view(principal.tenant()), principal)) {
            return RpcAnswer.error(404, request.id(), RpcAnswer.INVALID_REQUEST, "Not found");
        }
        var asked = request.params().path("protocolVersion").asString("");
        var version = speaks(asked) ? asked : VERSIONS.getFirst();
        var session =
                new Session(principal.tenant(), principal.subject(), exchange.path(), version);
        return RpcAnswer.result(request.id(), greeting(version)).inSession(sessions.open(session));
    }

    private static ObjectNode greeting(String version) {
        var result = JSON.objectNode().put("protocolVersion", version);
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "sallyport").put("version", "0.1.0");
        return result;
    }

    private RpcAnswer inSession(RpcMessage.Request request, Exchange exchange)
            throws InterruptedException {
        return switch (request.method()) {
            case "ping" -> RpcAnswer.result(request.id(), JSON.objectNode());
            case "tools/list" -> list(request, exchange);
            case "tools/call" -> call(request, exchange);
            default ->
                    RpcAnswer.error(
                            200, request.id(), RpcAnswer.METHOD_NOT_FOUND, "Method not found");
        };
    }

    /**
     * From the approved catalogue, never from an upstream; one page, so no cursor is ever valid.
     */
    private RpcAnswer list(RpcMessage.Request request, Exchange exchange) {
        var cursor = request.params().path("cursor");
        if (!cursor.isMissingNode() && !cursor.asString("x").isEmpty()) {
            return RpcAnswer.error(200, request.id(), RpcAnswer.INVALID_PARAMS, "Invalid cursor");
        }
        var principal = exchange.caller().principal();
        TenantView view = governance.view(principal.tenant());
        var result = JSON.objectNode();
        var tools = result.putArray("tools");
        exchange.endpoint()
                .tools(view, principal)
                .forEach(it -> tools.add(descriptor(exchange.endpoint(), it)));
        return RpcAnswer.result(request.id(), result);
    }

    /** The upstream's own descriptor; only the name may be ours. */
    private static JsonNode descriptor(Endpoint endpoint, CatalogTool tool) {
        var descriptor = JSON.objectNode();
        tool.listed().tree().properties().forEach(it -> descriptor.set(it.getKey(), it.getValue()));
        return descriptor.put("name", endpoint.nameOf(tool));
    }

    private RpcAnswer call(RpcMessage.Request request, Exchange exchange)
            throws InterruptedException {
        var name = request.params().get("name");
        if (name == null || !name.isString()) {
            return RpcAnswer.error(
                    200, request.id(), RpcAnswer.INVALID_PARAMS, "params.name must be a string");
        }
        var arguments = request.params().path("arguments");
        var call =
                new ToolCall(
                        name.asString(),
                        new ToolCall.Arguments.Read(
                                arguments.isMissingNode() ? JSON.objectNode() : arguments),
                        Optional.empty());
        return CallAnswer.of(request.id(), gate.call(call, context(exchange)));
    }

    /** Clients repeat JSON-RPC ids freely, so the key of an attempt is ours. */
    private static CallContext context(Exchange exchange) {
        return new CallContext(
                exchange.caller().principal(),
                exchange.endpoint().offer(),
                "mcp:" + UUID.randomUUID(),
                "mcp",
                exchange.caller().requestId(),
                Optional.empty(),
                Peer.SILENT,
                CALL_TIMEOUT);
    }
}
