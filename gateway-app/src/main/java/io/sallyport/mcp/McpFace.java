package io.sallyport.mcp;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.gate.Rejections;
import tools.jackson.databind.JsonNode;

/** Reads what was posted and hands it to the lane that it belongs to. */
final class McpFace {
    /** Who interrupted a request, if neither its client nor its session did. */
    private static final RpcFault STOPPING =
            RpcFault.of(503, RpcFault.INTERNAL_ERROR, "The gateway stops");

    private final ModernLane modern;
    private final LegacyLane legacy;
    private final Rejections rejections;

    McpFace(ModernLane modern, LegacyLane legacy, Rejections rejections) {
        this.modern = modern;
        this.legacy = legacy;
        this.rejections = rejections;
    }

    RpcAnswer answer(byte[] body, Exchange exchange, Task task) throws InterruptedException {
        try {
            var tree = StrictJson.read(body);
            return tree.isArray() && !ModernRules.areNamed(exchange.headers())
                    ? batch(tree, exchange)
                    : answer(RpcMessage.read(tree), exchange, task);
        } catch (MalformedJson e) {
            var code = e.fault().code();
            rejections.rejected(exchange.caller(), "mcp", code);
            return RpcAnswer.error(
                    RpcAnswer.noId(ModernRules.areNamed(exchange.headers())),
                    RpcFault.of(
                            400, RpcFault.PARSE_ERROR, "Parse error: " + code.replace('_', ' ')));
        }
    }

    private RpcAnswer batch(JsonNode tree, Exchange exchange) {
        try {
            return legacy.batch(tree, exchange);
        } catch (InterruptedException _) {
            return RpcAnswer.error(RpcAnswer.noId(false), STOPPING);
        }
    }

    private RpcAnswer answer(RpcMessage message, Exchange exchange, Task task)
            throws InterruptedException {
        try {
            return ModernRules.apply(message, exchange.headers())
                    ? modern.answer(message, exchange, task)
                    : legacy.answer(message, exchange, task);
        } catch (InterruptedException e) {
            if (task.isCancelled() || !(message instanceof RpcMessage.Request request)) {
                throw e;
            }
            return RpcAnswer.error(request.id(), STOPPING);
        }
    }

    /** The stream of a 2025 session; the 2026 revision has none. */
    RpcAnswer listen(Exchange exchange, Task task) throws InterruptedException {
        return legacy.listen(exchange, task);
    }
}
