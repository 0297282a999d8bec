package io.sallyport.chat;

import io.sallyport.upstream.ModelFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * One whole answer of the model.
 *
 * @param envelope the answer's tree with everything around its choice
 * @param choice the first choice; its {@code message} is an object with a {@code content}
 * @param calls the tool calls of the message in their order, each with an id of its own
 */
record Round(ObjectNode envelope, ObjectNode choice, List<RequestedCall> calls) {
    Round {
        calls = List.copyOf(calls);
    }

    /**
     * Reads a {@code chat.completion}; ids that are missing or taken twice are minted in the tree.
     *
     * @throws ModelFailure if it has no choice with a message and a finish reason
     */
    static Round read(ObjectNode answer) {
        var choice = firstChoice(answer);
        var message = Members.object(choice, "message").orElseThrow(ModelFailure::malformed);
        if (Members.text(choice, "finish_reason").isEmpty()) {
            throw ModelFailure.malformed();
        }
        message.put("role", "assistant");
        if (!message.has("content")) {
            message.putNull("content");
        }
        return new Round(answer, choice, calls(message));
    }

    private static ObjectNode firstChoice(ObjectNode answer) {
        return answer.path("choices").path(0) instanceof ObjectNode choice
                ? choice
                : failMalformed();
    }

    private static ObjectNode failMalformed() {
        throw ModelFailure.malformed();
    }

    private static List<RequestedCall> calls(ObjectNode message) {
        var ids = new HashSet<String>();
        var calls = new ArrayList<RequestedCall>();
        for (var element : Members.elements(message, "tool_calls")) {
            if (!(element instanceof ObjectNode call)) {
                throw ModelFailure.malformed();
            }
            ensureId(call, ids);
            calls.add(RequestedCall.read(call));
        }
        return calls;
    }

    private static void ensureId(ObjectNode call, Set<String> taken) {
        var id = Members.text(call, "id");
        if (id.isBlank() || !taken.add(id)) {
            call.put("id", Ids.mint("call_"));
        }
    }

    ObjectNode message() {
        return (ObjectNode) choice.path("message");
    }

    String text() {
        return Members.text(message(), "content");
    }

    String finish() {
        return Members.text(choice, "finish_reason");
    }

    Optional<ObjectNode> usage() {
        return Members.object(envelope, "usage");
    }

    /** Only a round that ended cleanly, with complete calls, is executed. */
    boolean isClean() {
        return switch (finish()) {
            case "tool_calls" -> true;
            case "stop" -> calls.stream().noneMatch(it -> it.name().isEmpty());
            default -> false;
        };
    }
}
