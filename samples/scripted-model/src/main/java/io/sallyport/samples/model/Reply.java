package io.sallyport.samples.model;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer, before it is written as one body or as a stream of chunks.
 *
 * @param id of the completion
 * @param model as the request named it
 */
record Reply(
        String id,
        String model,
        String text,
        List<IdentifiedCall> calls,
        String finishReason,
        Usage usage) {

    /** 2026-01-01T00:00:00Z: what a script answers does not depend on the day. */
    static final long CREATED = 1_767_225_600L;

    /** A call with the id by which its result comes back. */
    record IdentifiedCall(String id, Call call) {}

    static Reply of(String id, ChatRequest request, Round round) {
        var text = request.conversation().fill(round.text());
        return new Reply(
                id,
                request.model(),
                text,
                identified(round.calls(), request.conversation().answersInAll()),
                round.finishReason(),
                round.usage().orElseGet(() -> estimate(request, text, round.calls())));
    }

    /** The whole answer, {@code CreateChatCompletionResponse} in OpenAI's description. */
    ObjectNode completion() {
        var body = frame("chat.completion");
        var choice = body.putArray("choices").addObject().put("index", 0);
        choice.set("message", message());
        choice.putNull("logprobs").put("finish_reason", finishReason);
        body.set("usage", usageTree());
        return body.put("service_tier", "default");
    }

    /** What a completion and each chunk begin with. */
    ObjectNode frame(String object) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", CREATED)
                .put("model", model)
                .put("system_fingerprint", "fp_scripted");
    }

    /** A member of the message that is null where there is no text, as OpenAI does beside calls. */
    JsonNode content() {
        var nodes = JsonMapper.shared().getNodeFactory();
        return text.isEmpty() && !calls.isEmpty() ? nodes.nullNode() : nodes.stringNode(text);
    }

    ObjectNode usageTree() {
        var tree =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("prompt_tokens", usage.prompt())
                        .put("completion_tokens", usage.completion())
                        .put("total_tokens", usage.total());
        tree.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        tree.putObject("completion_tokens_details")
                .put("reasoning_tokens", 0)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return tree;
    }

    private ObjectNode message() {
        var message = JsonMapper.shared().createObjectNode().put("role", "assistant");
        message.set("content", content());
        message.putNull("refusal").putArray("annotations");
        if (!calls.isEmpty()) {
            var array = message.putArray("tool_calls");
            calls.forEach(call -> array.add(tree(call)));
        }
        return message;
    }

    private static ObjectNode tree(IdentifiedCall identified) {
        var tree =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("id", identified.id())
                        .put("type", "function");
        tree.putObject("function")
                .put("name", identified.call().name())
                .put("arguments", identified.call().arguments());
        return tree;
    }

    /** Unique within a conversation: no two answers in it have the same number. */
    private static List<IdentifiedCall> identified(List<Call> calls, int answer) {
        var identified = new ArrayList<IdentifiedCall>();
        for (var call : calls) {
            var id = "call_%04d%04d".formatted(answer, identified.size());
            identified.add(new IdentifiedCall(id, call));
        }
        return List.copyOf(identified);
    }

    /** Four characters a token, as a rule of thumb for English. */
    private static Usage estimate(ChatRequest request, String text, List<Call> calls) {
        int written = text.length();
        for (var call : calls) {
            written += call.name().length() + call.arguments().length();
        }
        return new Usage(request.length() / 4 + 1, written / 4 + 1);
    }
}
