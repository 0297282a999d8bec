package io.sallyport.mcp;

import io.sallyport.bridge.SessionListener;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A 2025 session. It identifies a conversation, never a caller: every request brings its own key.
 */
final class Session implements SessionListener {
    /** Resources that one session may hear of. */
    private static final int MAX_WATCHED = 100;

    private final Owner owner;
    private final String credential;
    private final Greeting greeting;
    private final Map<JsonNode, InFlightRequest> calls = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<ObjectNode>> questions = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> watched = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private final AtomicReference<Optional<String>> logLevel =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<InFlightRequest>> stream =
            new AtomicReference<>(Optional.empty());
    private volatile Instant used;

    /**
     * The only one who may use a session, and where.
     *
     * @param endpoint path of the endpoint that opened it
     */
    record Owner(TenantId tenant, String subject, String endpoint) {
        static Owner of(Caller caller, String endpoint) {
            var principal = caller.principal();
            return new Owner(principal.tenant(), principal.subject(), endpoint);
        }
    }

    /**
     * What was agreed on when it was opened.
     *
     * @param version the negotiated protocol version
     * @param capabilities what the client said it can do
     */
    record Greeting(String version, JsonNode capabilities) {}

    /**
     * @param credential the key that opened it: it ends with that key
     */
    Session(Owner owner, String credential, Greeting greeting, Instant now) {
        this.owner = owner;
        this.credential = credential;
        this.greeting = greeting;
        used = now;
    }

    Owner owner() {
        return owner;
    }

    String credential() {
        return credential;
    }

    Greeting greeting() {
        return greeting;
    }

    Instant used() {
        return used;
    }

    void touch(Instant now) {
        used = now;
    }

    /** In use, though no request may have come for long. */
    boolean isBusy() {
        return !calls.isEmpty() || stream.get().isPresent();
    }

    /** The session's own stream from now on; an older one ends. */
    void listen(InFlightRequest inFlight) {
        stream.getAndSet(Optional.of(inFlight)).ifPresent(InFlightRequest::cancel);
    }

    void listenNoMore(InFlightRequest inFlight) {
        stream.updateAndGet(it -> it.filter(now -> now != inFlight));
    }

    /** The level from which the client wants log messages, once it said so. */
    Optional<String> logLevel() {
        return logLevel.get();
    }

    void logFrom(String level) {
        logLevel.set(Optional.of(level));
    }

    /**
     * Remembers what works on a request, so that it can be cancelled by the request's id.
     *
     * @return false if another request of that id is still worked on; asking again is harmless
     */
    boolean begin(JsonNode id, InFlightRequest inFlight) {
        var known = calls.putIfAbsent(id, inFlight);
        return known == null || known == inFlight;
    }

    void end(JsonNode id, InFlightRequest inFlight) {
        calls.remove(id, inFlight);
    }

    void cancel(JsonNode id) {
        Optional.ofNullable(calls.remove(id)).ifPresent(InFlightRequest::cancel);
    }

    /** Expects the client's answer to a request of ours. */
    CompletableFuture<ObjectNode> expect(String id) {
        return questions.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    void expectNoMore(String id) {
        questions.remove(id);
    }

    /** The client answered; what nobody asked in this session is dropped. */
    void answered(JsonNode id, ObjectNode message) {
        Optional.ofNullable(questions.remove(id.asString("")))
                .ifPresent(it -> it.complete(message));
    }

    boolean hearsOfTooMany() {
        return watched.size() >= MAX_WATCHED;
    }

    /** Hears of a resource from now on; a session that hears of too many drops the wish. */
    void watch(String uri, Future<?> reading) {
        var before = watched.size() < MAX_WATCHED ? watched.put(uri, reading) : reading;
        Optional.ofNullable(before).ifPresent(it -> it.cancel(true));
        if (closed) { // it ended meanwhile, and hears of nothing
            watched.remove(uri, reading);
            reading.cancel(true);
        }
    }

    void watchNoMore(String uri) {
        Optional.ofNullable(watched.remove(uri)).ifPresent(it -> it.cancel(true));
    }

    void updated(String uri) {
        var params = JsonNodeFactory.instance.objectNode().put("uri", uri);
        tell("notifications/resources/updated", params);
    }

    @Override
    public boolean isListening() {
        return logLevel().isPresent() && stream.get().isPresent();
    }

    @Override
    public void logged(JsonNode params) {
        if (logLevel().filter(it -> CallNotices.isLoudEnough(params, it)).isPresent()) {
            tell("notifications/message", params);
        }
    }

    /** Told on the session's own stream; dropped if there is none. */
    private void tell(String method, JsonNode params) {
        stream.get().ifPresent(it -> it.channel().notice(CallNotices.notification(method, params)));
    }

    /** Stops everything that is under way; its requests are answered with how far they came. */
    void close() {
        closed = true;
        calls.values().forEach(InFlightRequest::abort);
        calls.clear();
        watched.values().forEach(it -> it.cancel(true));
        watched.clear();
        stream.getAndSet(Optional.empty()).ifPresent(InFlightRequest::cancel);
    }
}
