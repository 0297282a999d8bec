package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.LoopbackHttp;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** {@code /mcp}: finds out which era a request belongs to. */
final class McpEndpoint implements LoopbackHttp.Handler {

    private static final String FIRST_MODERN_YEAR = "2026";

    private final Era era;
    private final ModernLane modern;
    private final LegacyLane legacy;

    private McpEndpoint(Era era, ModernLane modern, LegacyLane legacy) {
        this.era = era;
        this.modern = modern;
        this.legacy = legacy;
    }

    static McpEndpoint of(Era era) {
        var changes = new Changes();
        var surface = Surface.withChanges(changes);
        return new McpEndpoint(
                era, new ModernLane(surface, changes), new LegacyLane(surface, changes));
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        if (!exchange.path().equals("/mcp")) {
            exchange.answer(404);
            return;
        }
        switch (exchange.method()) {
            case "POST" -> post(exchange);
            case "GET", "DELETE" -> ofSession(exchange);
            default -> exchange.with("Allow", "POST, GET, DELETE").answer(405);
        }
    }

    private void post(Exchange exchange) throws IOException, InterruptedException {
        var message = Rpc.read(exchange.body());
        if (message.isEmpty()) {
            refuse(exchange, Rpc.PARSE_ERROR, "The body is not JSON.");
        } else if (!message.get().isObject()) {
            refuse(exchange, Rpc.INVALID_REQUEST, "The body is not one message.");
        } else if (isModern(exchange, message.get())) {
            modern.post(exchange, message.get());
        } else {
            legacy.post(exchange, message.get());
        }
    }

    private void ofSession(Exchange exchange) throws IOException, InterruptedException {
        if (!era.isLegacy()) {
            exchange.with("Allow", "POST").answer(405);
        } else if (exchange.method().equals("GET")) {
            legacy.get(exchange);
        } else {
            legacy.delete(exchange);
        }
    }

    private boolean isModern(Exchange exchange, JsonNode message) {
        return switch (era) {
            case MODERN -> true;
            case LEGACY -> false;
            case BOTH ->
                    message.path("params").path("_meta").has(ModernRequest.VERSION)
                            || exchange.header("MCP-Protocol-Version")
                                    .filter(v -> v.compareTo(FIRST_MODERN_YEAR) >= 0)
                                    .isPresent();
        };
    }

    private static void refuse(Exchange exchange, int code, String text) throws IOException {
        exchange.answer(400, Rpc.error(MissingNode.getInstance(), code, text));
    }
}
