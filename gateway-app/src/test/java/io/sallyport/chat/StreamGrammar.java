package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The grammar of one streamed completion, as the strictest clients read it: one role, one finish,
 * tool indices from 0 without gaps, each name and id once, the same id, time and model everywhere,
 * usage behind the finish and with no choices, {@code [DONE]} last; or one error, and nothing
 * behind it. Every chunk is checked against {@link ChatSchema} too.
 */
public final class StreamGrammar {
    private static final String DONE = "[DONE]";

    private final List<String> violations = new ArrayList<>();
    private final Map<Integer, JsonNode> tools = new HashMap<>();
    private JsonNode first = MissingNode.getInstance();
    private int roles;
    private int finishes;
    private int usages;
    private boolean done;
    private boolean failed;

    private StreamGrammar() {}

    /** What is wrong with a whole body of {@code text/event-stream}; empty for nothing. */
    public static List<String> violations(String body) {
        var grammar = new StreamGrammar();
        events(body).forEach(grammar::read);
        grammar.end(body);
        return List.copyOf(grammar.violations);
    }

    /** The blocks of a stream: an event or a comment each. */
    private static List<String> events(String body) {
        return List.of(body.split("\n\n"));
    }

    /** The payloads of all events in order, {@code [DONE]} included. */
    public static List<String> payloads(String body) {
        return events(body).stream()
                .filter(it -> it.startsWith("data: "))
                .map(it -> it.substring("data: ".length()))
                .toList();
    }

    private void read(String event) {
        if (event.startsWith(":") && !event.contains("\n")) {
            require(!done && !failed, "a comment after the end");
        } else if (event.startsWith("data: ") && !event.contains("\n")) {
            payload(event.substring("data: ".length()));
        } else {
            violations.add("neither one data line nor one comment line");
        }
    }

    private void payload(String payload) {
        require(!done, "an event after [DONE]");
        require(!failed, "an event after an error");
        if (payload.equals(DONE)) {
            done = true;
            return;
        }
        try {
            chunk(StrictJson.read(payload));
        } catch (MalformedJson e) {
            violations.add("a payload is no JSON");
        }
    }

    private void chunk(JsonNode chunk) {
        if (chunk.has("error")) {
            failed = true;
            violations.addAll(ChatSchema.ERROR.violations(chunk));
            return;
        }
        violations.addAll(ChatSchema.CHUNK.violations(chunk));
        sameAsFirst(chunk);
        require(usages == 0, "a chunk after the usage chunk");
        if (chunk.path("choices").isEmpty()) {
            usage(chunk);
        } else {
            choice(chunk);
        }
    }

    private void sameAsFirst(JsonNode chunk) {
        if (first.isMissingNode()) {
            first = chunk;
        }
        for (var member : List.of("id", "object", "created", "model")) {
            require(first.path(member).equals(chunk.path(member)), member + " changes");
        }
    }

    private void usage(JsonNode chunk) {
        usages++;
        require(finishes == 1, "usage before the finish");
        require(chunk.path("usage").isObject(), "a chunk without choices and usage");
    }

    private void choice(JsonNode chunk) {
        require(chunk.path("choices").size() == 1, "several choices");
        var choice = chunk.path("choices").path(0);
        require(choice.path("index").asInt(-1) == 0, "a choice with an index");
        require(finishes == 0, "a choice after the finish");
        require(!chunk.path("usage").isObject(), "usage beside a choice");
        delta(choice.path("delta"));
        var isLast = choice.path("finish_reason").isString();
        finishes += isLast ? 1 : 0;
        require(isLast || !chunk.has("x_sallyport"), "x_sallyport before the finish");
    }

    private void delta(JsonNode delta) {
        if (delta.has("role")) {
            roles++;
        }
        require(roles == 1, "the role does not come first and once");
        delta.path("tool_calls").forEach(this::tool);
    }

    private void tool(JsonNode call) {
        int index = call.path("index").asInt(-1);
        var known = tools.get(index);
        var function = call.path("function");
        if (known == null) {
            require(index == tools.size(), "tool indices have a gap");
            require(call.path("id").isString(), "a tool call begins without an id");
            require(function.path("name").isString(), "a tool call begins without a name");
            tools.put(index, call);
        } else {
            require(index == tools.size() - 1, "a tool call goes on after the next began");
            require(!call.has("id"), "an id comes twice");
            require(!function.has("name"), "a name comes twice");
        }
    }

    private void end(String body) {
        require(body.endsWith("\n\n"), "the last event is cut");
        require(done != failed, "the stream ends with neither or both of [DONE] and an error");
        require(failed || finishes == 1, "no finish");
        require(failed || roles == 1, "no role");
    }

    private void require(boolean holds, String violation) {
        if (!holds) {
            violations.add(violation);
        }
    }
}
