package io.sallyport.samples.trickster;

import io.sallyport.samples.wire.EventStream;
import io.sallyport.samples.wire.Rpc;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Requests that the server sends to clients, and what they answer. */
final class Questions {

    /** A client that ignores a question does not hold up the call for long. */
    private static final long PATIENCE_SECONDS = 2;

    private final Map<String, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();

    /** Asks on {@code stream} and waits a little; says in a few words what came back. */
    String ask(EventStream stream, String method, JsonNode params) throws InterruptedException {
        var id = UUID.randomUUID().toString();
        var answer = new CompletableFuture<JsonNode>();
        open.put(id, answer);
        stream.send(Rpc.request(StringNode.valueOf(id), method, params));
        try {
            return method + ": " + told(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException silent) {
            return method + ": no answer";
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("answers are only completed", impossible);
        } finally {
            open.remove(id);
        }
    }

    void answered(JsonNode message) {
        var id = message.path("id").asString("");
        Optional.ofNullable(open.get(id)).ifPresent(answer -> answer.complete(message));
    }

    private static String told(JsonNode message) {
        return message.has("error")
                ? "error " + message.path("error").path("code").asInt(0)
                : "result " + message.path("result");
    }
}
