package io.sallyport.mcp;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.Gate;
import io.sallyport.gate.Governance;
import io.sallyport.gate.Peer;
import io.sallyport.gate.TenantView;
import io.sallyport.gate.ToolCall;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an endpoint offers to a principal, the same on both lanes. */
final class Surface {
    static final String NAME = "sallyport";
    static final String RELEASE = "0.1.0";

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Gate gate;
    private final Governance governance;

    Surface(Gate gate, Governance governance) {
        this.gate = gate;
        this.governance = governance;
    }

    boolean exists(Exchange exchange) {
        return exchange.endpoint().exists(view(exchange), exchange.caller().principal());
    }

    private TenantView view(Exchange exchange) {
        return governance.view(exchange.caller().principal().tenant());
    }

    /** Who answers, as both eras name it. */
    static ObjectNode serverInfo() {
        return JSON.objectNode().put("name", NAME).put("version", RELEASE);
    }

    static ObjectNode capabilities() {
        var capabilities = JSON.objectNode();
        capabilities.putObject("tools");
        return capabilities;
    }

    /** What a method of either era answers; empty if it is none. */
    Optional<Reply> answer(String method, JsonNode params, Exchange exchange)
            throws InterruptedException {
        return switch (method) {
            case "tools/list" -> Optional.of(list(params, exchange));
            case "tools/call" -> Optional.of(call(params, exchange));
            default -> Optional.empty();
        };
    }

    /**
     * From the approved catalogue, never from an upstream; one page, so no cursor is ever valid.
     */
    private Reply list(JsonNode params, Exchange exchange) {
        var cursor = params.path("cursor");
        if (!cursor.isMissingNode() && !cursor.asString("x").isEmpty()) {
            return Reply.failed(RpcFault.invalidParams("Invalid cursor"));
        }
        var result = JSON.objectNode();
        var tools = result.putArray("tools");
        exchange.endpoint()
                .tools(view(exchange), exchange.caller().principal())
                .forEach(it -> tools.add(descriptor(exchange.endpoint(), it)));
        return Reply.done(result);
    }

    /** The upstream's own descriptor; only the name may be ours. */
    private static JsonNode descriptor(Endpoint endpoint, CatalogTool tool) {
        var descriptor = JSON.objectNode();
        tool.listed().tree().properties().forEach(it -> descriptor.set(it.getKey(), it.getValue()));
        return descriptor.put("name", endpoint.nameOf(tool));
    }

    private Reply call(JsonNode params, Exchange exchange) throws InterruptedException {
        var name = params.get("name");
        if (name == null || !name.isString()) {
            return Reply.failed(RpcFault.invalidParams("params.name must be a string"));
        }
        var arguments = params.path("arguments");
        var call =
                new ToolCall(
                        name.asString(),
                        new ToolCall.Arguments.Read(
                                arguments.isMissingNode() ? JSON.objectNode() : arguments),
                        Optional.empty());
        return CallReply.of(gate.call(call, context(exchange)));
    }

    /** Clients repeat JSON-RPC ids freely, so the key of an attempt is ours. */
    private CallContext context(Exchange exchange) {
        var caller = exchange.caller();
        return new CallContext(
                caller.principal(),
                exchange.endpoint().offer(view(exchange), caller.principal()),
                "mcp:" + UUID.randomUUID(),
                "mcp",
                caller.requestId(),
                Optional.empty(),
                Peer.SILENT,
                CALL_TIMEOUT);
    }
}
