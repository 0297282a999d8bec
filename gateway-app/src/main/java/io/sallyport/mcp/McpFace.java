package io.sallyport.mcp;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.recording.Rejections;
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

    RpcAnswer answer(byte[] body, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        try {
            var tree = StrictJson.read(body);
            return tree.isArray() && !ModernRules.areNamed(context.headers())
                    ? batch(tree, context)
                    : answer(RpcMessage.read(tree), context, inFlight);
        } catch (MalformedJson e) {
            var code = e.fault().code();
            rejections.rejected(context.caller(), "mcp", code);
            return RpcAnswer.error(
                    RpcAnswer.noId(ModernRules.areNamed(context.headers())),
                    RpcFault.of(
                            400, RpcFault.PARSE_ERROR, "Parse error: " + code.replace('_', ' ')));
        }
    }

    private RpcAnswer batch(JsonNode tree, McpRequestContext context) {
        try {
            return legacy.batch(tree, context);
        } catch (InterruptedException _) {
            return RpcAnswer.error(RpcAnswer.noId(false), STOPPING);
        }
    }

    private RpcAnswer answer(
            RpcMessage message, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        try {
            return ModernRules.apply(message, context.headers())
                    ? modern.answer(message, context, inFlight)
                    : legacy.answer(message, context, inFlight);
        } catch (InterruptedException e) {
            if (inFlight.isCancelled() || !(message instanceof RpcMessage.Request request)) {
                throw e;
            }
            return RpcAnswer.error(request.id(), STOPPING);
        }
    }

    /** The stream of a 2025 session; the 2026 revision has none. */
    RpcAnswer listen(McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        return legacy.listen(context, inFlight);
    }
}
