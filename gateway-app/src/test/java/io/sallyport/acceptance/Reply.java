package io.sallyport.acceptance;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What a gateway answered. */
record Reply(int status, HttpHeaders headers, String body) {
    static Reply of(HttpResponse<String> response) {
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    static JsonNode parse(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    JsonNode json() {
        return parse(body);
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The messages of an event stream. */
    List<JsonNode> events() {
        return body.lines()
                .filter(it -> it.startsWith("data: "))
                .map(it -> parse(it.substring("data: ".length())))
                .toList();
    }

    boolean isStream() {
        return header("content-type").startsWith("text/event-stream");
    }

    /** This reply, which must have succeeded. */
    Reply ok() {
        if (status / 100 != 2) {
            throw new AssertionError(status + " " + body);
        }
        return this;
    }

    /** Everything that a client could compare, but for the request's own id. */
    String comparable() {
        Map<String, Object> shown = new TreeMap<>(headers.map());
        shown.remove("x-request-id");
        shown.remove("openai-processing-ms");
        return status + " " + shown + " " + body;
    }
}
