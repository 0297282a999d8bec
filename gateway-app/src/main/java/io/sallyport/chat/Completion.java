package io.sallyport.chat;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one completion that a governed run answers with.
 *
 * @param id minted by us
 * @param created seconds since the epoch
 * @param model the alias that the client used
 */
record Completion(String id, long created, String model) {

    ChunkWriter chunks() {
        return new ChunkWriter(id, created, model);
    }

    /** The body of an unstreamed answer; what the provider said beyond what we know stays. */
    ObjectNode body(RunAnswer answer, RunLedger ledger) {
        var body = JsonNodeFactory.instance.objectNode();
        body.put("id", id);
        body.put("object", "chat.completion");
        body.put("created", created);
        body.put("model", model);
        body.putArray("choices").add(choice(answer));
        addOthers(body, answer.round().envelope());
        ledger.usage().tree().ifPresent(it -> body.set("usage", it));
        body.set("x_sallyport", ledger.report());
        return body;
    }

    private static void addOthers(ObjectNode body, ObjectNode envelope) {
        for (var member : envelope.properties()) {
            var isOurs = body.has(member.getKey()) || member.getKey().equals("usage");
            if (!isOurs && !member.getValue().isNull()) {
                body.set(member.getKey(), member.getValue());
            }
        }
    }

    private static ObjectNode choice(RunAnswer answer) {
        var choice = answer.round().choice().deepCopy();
        choice.put("index", 0);
        choice.set("message", message(answer));
        choice.put("finish_reason", answer.finish());
        if (!choice.path("logprobs").isObject()) {
            choice.putNull("logprobs");
        }
        return choice;
    }

    private static ObjectNode message(RunAnswer answer) {
        var message = answer.round().message().deepCopy();
        message.remove(List.of("tool_calls", "function_call"));
        putText(message, answer);
        if (!message.has("refusal")) {
            message.putNull("refusal");
        }
        if (!answer.calls().isEmpty()) {
            var calls = message.putArray("tool_calls");
            answer.calls().forEach(it -> calls.add(it.tree()));
        }
        return message;
    }

    private static void putText(ObjectNode message, RunAnswer answer) {
        if (answer.text().isEmpty() && !message.path("content").isString()) {
            message.putNull("content");
        } else {
            message.put("content", answer.text());
        }
    }
}
