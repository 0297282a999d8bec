package io.sallyport.mcp;

import io.sallyport.catalog.RejectedSchema;
import io.sallyport.vetting.ArgumentValidator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an upstream asks of a client before it goes on.
 *
 * @param requests by key, each with {@code method} and {@code params}, as the upstream wrote them
 */
record InputRequests(JsonNode requests) {
    private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static InputRequests in(JsonNode result) {
        var requests = result.path("inputRequests");
        return new InputRequests(requests.isObject() ? requests : JSON.objectNode());
    }

    /**
     * The capabilities that a client lacks, as a ClientCapabilities object; empty if it declared
     * all that is asked for. Empty is not the same as "may be asked": see {@link #areKnown}.
     */
    Optional<ObjectNode> missing(JsonNode declared) {
        var missing = JSON.objectNode();
        for (var request : requests) {
            var params = request.path("params");
            switch (request.path("method").asString("")) {
                case "elicitation/create" -> elicitation(params, declared, missing);
                case "sampling/createMessage" -> sampling(params, declared, missing);
                case "roots/list" -> require("roots", declared, missing);
                default -> {
                    // told apart by areKnown
                }
            }
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of(missing);
    }

    private static void elicitation(JsonNode params, JsonNode declared, ObjectNode missing) {
        require("elicitation", declared, missing);
        if (isUrl(params)) {
            requirePart("elicitation", "url", declared, missing);
        } else if (declared.path("elicitation").has("url")) {
            requirePart("elicitation", "form", declared, missing); // an empty object means forms
        }
    }

    private static void sampling(JsonNode params, JsonNode declared, ObjectNode missing) {
        require("sampling", declared, missing);
        if (params.has("tools")) {
            requirePart("sampling", "tools", declared, missing);
        }
    }

    static boolean isUrl(JsonNode params) {
        return params.path("mode").asString("").equals("url");
    }

    private static void require(String capability, JsonNode declared, ObjectNode missing) {
        if (!declared.path(capability).isObject() && !missing.has(capability)) {
            missing.putObject(capability);
        }
    }

    private static void requirePart(
            String capability, String part, JsonNode declared, ObjectNode missing) {
        if (!declared.path(capability).path(part).isObject()) {
            var lacking =
                    missing.get(capability) instanceof ObjectNode known
                            ? known
                            : missing.putObject(capability);
            lacking.putObject(part);
        }
    }

    /** Whether every question is of a kind that clients know; no other is ever relayed. */
    boolean areKnown() {
        return requests.valueStream()
                .map(it -> it.path("method").asString(""))
                .allMatch(InputRequests::isKnown);
    }

    private static boolean isKnown(String method) {
        return switch (method) {
            case "elicitation/create", "sampling/createMessage", "roots/list" -> true;
            default -> false;
        };
    }

    /**
     * The answers to exactly these questions, without what nobody asked for; empty if one is
     * missing or is no answer to its question, or if nobody waits for them any more: the thread is
     * interrupted, and each question is too small to notice.
     */
    Optional<ObjectNode> answers(JsonNode responses) {
        var answers = JSON.objectNode();
        for (var question : requests.properties()) {
            var answer = answer(question, responses.path(question.getKey()));
            if (answer.isEmpty() || Thread.currentThread().isInterrupted()) {
                return Optional.empty();
            }
            answers.set(question.getKey(), answer.get());
        }
        return Optional.of(answers);
    }

    private static Optional<JsonNode> answer(
            Map.Entry<String, JsonNode> question, JsonNode response) {
        var params = question.getValue().path("params");
        return switch (question.getValue().path("method").asString("")) {
            case "elicitation/create" ->
                    isElicited(params, response)
                            ? Optional.of(InputResponses.elicitation(params, response))
                            : Optional.empty();
            case "sampling/createMessage" ->
                    isSample(response)
                            ? Optional.of(InputResponses.sample(response))
                            : Optional.empty();
            case "roots/list" ->
                    areRoots(response.path("roots"))
                            ? Optional.of(InputResponses.roots(response.path("roots")))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean areRoots(JsonNode roots) {
        return roots.isArray() && roots.valueStream().allMatch(it -> it.path("uri").isString());
    }

    private static boolean isSample(JsonNode response) {
        return response.path("role").isString()
                && response.path("model").isString()
                && isContent(response.path("content"));
    }

    private static boolean isContent(JsonNode content) {
        return content.isObject()
                || content.isArray() && content.valueStream().allMatch(JsonNode::isObject);
    }

    private static boolean isElicited(JsonNode params, JsonNode response) {
        var action = response.path("action").asString("");
        return ACTIONS.contains(action)
                && (!action.equals("accept") || isUrl(params) || fits(params, response));
    }

    private static boolean fits(JsonNode params, JsonNode response) {
        try {
            var schema = ArgumentValidator.compile(params.path("requestedSchema"), false);
            var content = response.path("content");
            return content.isObject() && schema.validate(content).isEmpty();
        } catch (RejectedSchema _) {
            return false;
        }
    }
}
