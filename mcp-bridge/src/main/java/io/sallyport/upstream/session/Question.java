package io.sallyport.upstream.session;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.RpcMessage.ServerRequest;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a server asked in the middle of a request, and the stream that waits for the answer.
 *
 * @param ticket names it; good once
 * @param key under which it is asked and answered
 * @param taken ends when somebody brings the answer
 */
record Question(
        String ticket,
        String key,
        ServerRequest request,
        CallStream stream,
        Sinks.Empty<UpstreamReply> taken) {
    private static final int INTERNAL_ERROR = -32_603;

    /** Whether this capability was declared to the server, so that it may ask. */
    static boolean isOffered(ServerRequest request, JsonNode capabilities) {
        return switch (request.method()) {
            case "elicitation/create" -> isElicitable(request, capabilities.path("elicitation"));
            case "sampling/createMessage" -> capabilities.path("sampling").isObject();
            case "roots/list" -> capabilities.path("roots").isObject();
            default -> false;
        };
    }

    /** Forms unless only URLs were declared, URLs only if declared (MCP 2025-11-25). */
    private static boolean isElicitable(ServerRequest request, JsonNode elicitation) {
        var isUrl = request.params().path("mode").asString("form").equals("url");
        return isUrl
                ? elicitation.path("url").isObject()
                : elicitation.isObject() && (elicitation.has("form") || !elicitation.has("url"));
    }

    UpstreamReply.InputRequired asked(int size) {
        var result = JsonNodeFactory.instance.objectNode().put("resultType", "input_required");
        var asked = result.putObject("inputRequests").putObject(key);
        asked.put("method", request.method());
        if (!request.params().isMissingNode()) {
            asked.set("params", request.params());
        }
        return new UpstreamReply.InputRequired(result, new Continuation.Parked(ticket), size);
    }

    /** The message that answers the server. */
    byte[] answer(JsonNode responses) {
        var response = responses.path(key);
        if (!response.isObject()) {
            return Frames.error(request.id(), INTERNAL_ERROR, "Not answered");
        }
        return isFailure(response)
                ? Frames.error(request.id(), response.path("error"))
                : Frames.result(request.id(), response);
    }

    private static boolean isFailure(JsonNode response) {
        var error = response.path("error");
        return response.size() == 1
                && error.path("code").isIntegralNumber()
                && error.path("message").isString();
    }
}
