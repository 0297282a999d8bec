package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** One client of the legacy era, from {@code initialize} on. */
final class Session {

    /** Longer than any test waits for its own answer. */
    private static final long PATIENCE_SECONDS = 60;

    private final String id = UUID.randomUUID().toString();
    private final JsonNode capabilities;
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final Map<JsonNode, Thread> running = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<JsonNode>> late = new ConcurrentHashMap<>();
    private volatile String logLevel = "debug";

    Session(JsonNode capabilities) {
        this.capabilities = capabilities;
    }

    String id() {
        return id;
    }

    JsonNode capabilities() {
        return capabilities;
    }

    void logFrom(String level) {
        logLevel = level;
    }

    boolean wantsLog(String level) {
        return LogLevel.isWanted(level, logLevel);
    }

    void watch(String uri) {
        watched.add(uri);
    }

    void unwatch(String uri) {
        watched.remove(uri);
    }

    boolean watches(String uri) {
        return watched.contains(uri);
    }

    /** The current thread works for request {@code id} until {@link #ended}. */
    void began(JsonNode request) {
        running.put(request, Thread.currentThread());
    }

    void ended(JsonNode request) {
        running.remove(request);
    }

    void cancel(JsonNode request) {
        Optional.ofNullable(running.get(request)).ifPresent(Thread::interrupt);
    }

    /**
     * Sends all questions, then waits for all answers.
     *
     * @return the client's messages by key, each with a result or an error
     */
    ObjectNode ask(ObjectNode requests, Consumer<JsonNode> sender)
            throws InterruptedException, TimeoutException {
        var open = new LinkedHashMap<String, CompletableFuture<JsonNode>>();
        requests.forEachEntry((key, request) -> open.put(key, ask(request, sender)));
        var answers = Rpc.object();
        for (var question : open.entrySet()) {
            answers.set(question.getKey(), await(question.getValue()));
        }
        return answers;
    }

    private CompletableFuture<JsonNode> ask(JsonNode request, Consumer<JsonNode> sender) {
        var question = UUID.randomUUID().toString();
        var answer = new CompletableFuture<JsonNode>();
        asked.put(question, answer);
        var method = request.path("method").asString();
        sender.accept(Rpc.request(StringNode.valueOf(question), method, request.path("params")));
        return answer;
    }

    void answered(JsonNode message) {
        var question = message.path("id").asString("");
        Optional.ofNullable(asked.remove(question)).ifPresent(answer -> answer.complete(message));
    }

    /** The stream of a request ends after {@code event}; its answer is owed. */
    void owe(String event) {
        late.put(event, new CompletableFuture<>());
    }

    void pay(String event, JsonNode answer) {
        Optional.ofNullable(late.get(event)).ifPresent(owed -> owed.complete(answer));
    }

    boolean resumes(String event) {
        return late.containsKey(event);
    }

    /** Waits for the answer that is owed since {@code event}, which {@link #resumes}. */
    JsonNode collect(String event) throws InterruptedException, TimeoutException {
        return await(late.getOrDefault(event, new CompletableFuture<>()));
    }

    private static JsonNode await(CompletableFuture<JsonNode> answer)
            throws InterruptedException, TimeoutException {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("answers are only completed", impossible);
        }
    }
}
