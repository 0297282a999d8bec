package io.sallyport.mcp;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers of a client as they are passed on: made anew of the members that belong to them, so that
 * nothing else rides along.
 */
final class InputResponses {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private InputResponses() {}

    /** A filled-in form is nothing but its fields; a refusal and a visited URL say no more. */
    static ObjectNode elicitation(JsonNode params, JsonNode response) {
        var answer = only(List.of("action"), response);
        var accepted = answer.path("action").asString("").equals("accept");
        if (accepted && !InputRequests.isUrl(params)) {
            var fields = params.path("requestedSchema").path("properties").propertyNames();
            answer.set("content", only(fields, response.path("content")));
        }
        return answer;
    }

    static ObjectNode sample(JsonNode response) {
        var answer = only(List.of("role", "model"), response);
        var content = response.path("content");
        if (content.isArray()) {
            var blocks = answer.putArray("content");
            content.forEach(it -> blocks.add(withoutMeta(it)));
        } else {
            answer.set("content", withoutMeta(content));
        }
        if (response.path("stopReason").isString()) {
            answer.set("stopReason", response.path("stopReason"));
        }
        return answer;
    }

    private static JsonNode withoutMeta(JsonNode block) {
        var copy = JSON.objectNode();
        block.properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        copy.remove("_meta");
        return copy;
    }

    static ObjectNode roots(JsonNode roots) {
        var answer = JSON.objectNode();
        var all = answer.putArray("roots");
        for (var root : roots) {
            var one = all.addObject().put("uri", root.path("uri").asString());
            if (root.path("name").isString()) {
                one.set("name", root.path("name"));
            }
        }
        return answer;
    }

    private static ObjectNode only(Iterable<String> members, JsonNode from) {
        var copy = JSON.objectNode();
        for (var member : members) {
            if (from.has(member)) {
                copy.set(member, from.path(member));
            }
        }
        return copy;
    }
}
