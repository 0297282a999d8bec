package io.sallyport.chat;

import io.sallyport.provider.ModelFailure;
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
 * @param choice the first choice; its {@code message} is an object with a {@code content}, its
 *     {@code finish_reason} one of OpenAI's words
 * @param calls the tool calls of the message in their order, each with an id of its own
 */
record Round(ObjectNode envelope, ObjectNode choice, List<RequestedCall> calls) {
    Round {
        calls = List.copyOf(calls);
    }

    /**
     * Reads a {@code chat.completion}, which is whole whether it says why it ended or not; ids that
     * are missing or taken twice are minted in the tree, types that are missing are written into
     * it, and arguments become text.
     *
     * @throws ModelFailure if it has no choice with a message, says that the provider failed, or
     *     has more calls than a model writes
     */
    static Round read(ObjectNode answer) {
        var choice = firstChoice(answer);
        var message =
                Members.object(choice, "message")
                        .or(() -> Members.object(choice, "delta"))
                        .orElseThrow(ModelFailure::malformed);
        choice.set("message", message);
        message.put("role", "assistant");
        if (!message.has("content")) {
            message.putNull("content");
        }
        var trees = callTrees(message);
        var said = FinishReason.said(choice);
        choice.put("finish_reason", FinishReason.of(said, !trees.isEmpty()));
        return new Round(answer, choice, calls(trees, isClean(choice)));
    }

    private static ObjectNode firstChoice(ObjectNode answer) {
        return answer.path("choices").path(0) instanceof ObjectNode choice
                ? choice
                : failMalformed();
    }

    private static ObjectNode failMalformed() {
        throw ModelFailure.malformed();
    }

    private static List<ObjectNode> callTrees(ObjectNode message) {
        var ids = new HashSet<String>();
        var trees = new ArrayList<ObjectNode>();
        CallList.write(message);
        var calls = CallList.of(message);
        if (calls.size() > CallPlaces.MOST) {
            throw ModelFailure.tooLarge();
        }
        for (var element : calls) {
            if (!(element instanceof ObjectNode call)) {
                throw ModelFailure.malformed();
            }
            ensureId(call, ids);
            RequestedCall.ensureType(call, call.path("custom").isObject());
            trees.add(call);
        }
        return trees;
    }

    /** Only what the model meant to end can be empty for "without arguments". */
    private static List<RequestedCall> calls(List<ObjectNode> trees, boolean ended) {
        for (var tree : trees) {
            ArgumentText.write(tree);
            if (ended) {
                ArgumentText.fill(tree);
            }
        }
        return trees.stream().map(RequestedCall::read).toList();
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

    /** The whole round as one chunk of a stream. */
    ObjectNode chunk() {
        var chunk = envelope.deepCopy();
        var only = (ObjectNode) chunk.path("choices").path(0);
        var delta = (ObjectNode) only.remove("message");
        var index = 0;
        for (var call : Members.elements(delta, "tool_calls")) {
            ((ObjectNode) call).put("index", index++);
        }
        only.set("delta", delta);
        return chunk;
    }

    String text() {
        return ContentParts.text(message().path("content"));
    }

    String finish() {
        return Members.text(choice, "finish_reason");
    }

    Optional<ObjectNode> usage() {
        return Members.object(envelope, "usage");
    }

    /** Only a round that ended cleanly, with complete calls, is executed. */
    boolean isClean() {
        return isClean(choice);
    }

    private static boolean isClean(ObjectNode choice) {
        return switch (Members.text(choice, "finish_reason")) {
            case FinishReason.LENGTH, FinishReason.CONTENT_FILTER -> false;
            default -> true;
        };
    }
}
