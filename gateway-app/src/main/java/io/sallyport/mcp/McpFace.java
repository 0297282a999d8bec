package io.sallyport.mcp;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.gate.Rejections;

/** Reads one message and hands it to the lane that it belongs to. */
final class McpFace {
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
            var message = RpcMessage.read(StrictJson.read(body));
            return ModernRules.apply(message, exchange.headers())
                    ? modern.answer(message, exchange, task)
                    : legacy.answer(message, exchange, task);
        } catch (MalformedJson e) {
            var code = e.fault().code();
            rejections.rejected(exchange.caller(), "mcp", code);
            return RpcAnswer.error(
                    RpcAnswer.noId(ModernRules.areNamed(exchange.headers())),
                    RpcFault.of(
                            400, RpcFault.PARSE_ERROR, "Parse error: " + code.replace('_', ' ')));
        }
    }

    /** The stream of a 2025 session; the 2026 revision has none. */
    RpcAnswer listen(Exchange exchange, Task task) throws InterruptedException {
        return legacy.listen(exchange, task);
    }
}
