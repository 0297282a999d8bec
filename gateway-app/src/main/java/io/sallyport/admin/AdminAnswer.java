package io.sallyport.admin;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an admin request is answered with.
 *
 * @param etag the version of what is shown, for {@code If-Match}
 * @param text a plain text body, in place of JSON
 */
record AdminAnswer(
        int status, Optional<JsonNode> body, Optional<String> etag, Optional<String> text) {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static AdminAnswer ok(JsonNode body) {
        return new AdminAnswer(200, Optional.of(body), Optional.empty(), Optional.empty());
    }

    static AdminAnswer created(JsonNode body) {
        return new AdminAnswer(201, Optional.of(body), Optional.empty(), Optional.empty());
    }

    static AdminAnswer noContent() {
        return new AdminAnswer(204, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static AdminAnswer text(String text) {
        return new AdminAnswer(200, Optional.empty(), Optional.empty(), Optional.of(text));
    }

    /** {@code {items:[…], next_cursor?}}, the shape of every list. */
    static AdminAnswer list(List<? extends JsonNode> items, Optional<String> cursor) {
        ObjectNode body = JSON.objectNode();
        body.putArray("items").addAll(items);
        cursor.ifPresent(it -> body.put("next_cursor", it));
        return ok(body);
    }

    AdminAnswer tagged(String etag) {
        return new AdminAnswer(status, body, Optional.of(etag), text);
    }
}
