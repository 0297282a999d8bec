package io.sallyport.samples.model;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a request's messages tell the script.
 *
 * @param answersSoFar assistant messages since the last user message
 * @param answersInAll assistant messages altogether
 * @param results what the tools said since the last user message, in order
 */
record Conversation(int answersSoFar, int answersInAll, List<ToolResult> results) {

    /**
     * @param tool the name that the model called, empty if nobody knows
     */
    record ToolResult(String tool, String text) {

        String line() {
            return "- " + tool + ": " + text;
        }
    }

    static Conversation of(JsonNode messages) {
        var turn = new Turn();
        messages.forEach(turn::read);
        return new Conversation(turn.answers, turn.answersInAll, List.copyOf(turn.results));
    }

    /** Puts what the tools said, one line each, in place of <code>{{results}}</code>. */
    String fill(String text) {
        return text.replace(
                "{{results}}", results.stream().map(ToolResult::line).collect(joining("\n")));
    }

    private static final class Turn {

        private final Map<String, String> namesById = new HashMap<>();
        private final List<ToolResult> results = new ArrayList<>();
        private int answers;
        private int answersInAll;

        private void read(JsonNode message) {
            switch (message.path("role").asString("")) {
                case "user" -> startAgain();
                case "assistant" -> answer(message);
                case "tool" -> results.add(result(message));
                default -> {
                    // system and developer messages tell the script nothing
                }
            }
        }

        private void startAgain() {
            answers = 0;
            results.clear();
        }

        private void answer(JsonNode message) {
            answers++;
            answersInAll++;
            for (var call : message.path("tool_calls")) {
                namesById.put(
                        call.path("id").asString(""),
                        call.path("function").path("name").asString(""));
            }
        }

        private ToolResult result(JsonNode message) {
            var id = message.path("tool_call_id").asString("");
            return new ToolResult(namesById.getOrDefault(id, ""), text(message.path("content")));
        }

        private static String text(JsonNode content) {
            return content.isArray()
                    ? content.valueStream()
                            .map(part -> part.path("text").asString(""))
                            .collect(joining("\n"))
                    : content.asString("");
        }
    }
}
