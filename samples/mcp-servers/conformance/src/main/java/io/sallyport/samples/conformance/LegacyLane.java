package io.sallyport.samples.conformance;

import io.sallyport.samples.conformance.Changes.Change;
import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** 2025-11-25 and before: sessions, a stream for what no request asked for, and resumption. */
final class LegacyLane {

    private static final List<String> REVISIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

    private static final int SESSION_REQUIRED = -32000;

    private final Surface surface;
    private final Changes changes;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    LegacyLane(Surface surface, Changes changes) {
        this.surface = surface;
        this.changes = changes;
    }

    void post(Exchange exchange, JsonNode message) throws IOException {
        if (message.path("method").asString("").equals("initialize")) {
            initialize(exchange, message);
            return;
        }
        var session = session(exchange, message);
        if (session.isPresent()) {
            post(exchange, session.get(), message);
        }
    }

    void get(Exchange exchange) throws IOException, InterruptedException {
        var session = session(exchange, Rpc.object());
        if (session.isEmpty()) {
            return;
        }
        var event = exchange.header("Last-Event-ID").filter(session.get()::resumes);
        if (event.isPresent()) {
            resume(exchange, session.get(), event.get());
        } else {
            watch(exchange, session.get());
        }
    }

    void delete(Exchange exchange) throws IOException {
        var session = session(exchange, Rpc.object());
        if (session.isPresent()) {
            sessions.remove(session.get().id());
            exchange.answer(204);
        }
    }

    private void initialize(Exchange exchange, JsonNode message) throws IOException {
        var params = message.path("params");
        var session = new Session(params.path("capabilities"));
        sessions.put(session.id(), session);
        var wanted = params.path("protocolVersion").asString("");
        var result = Rpc.object();
        result.put("protocolVersion", REVISIONS.contains(wanted) ? wanted : REVISIONS.getFirst());
        result.set("capabilities", Surface.capabilities());
        result.set("serverInfo", Surface.self());
        exchange.with("Mcp-Session-Id", session.id())
                .answer(200, Rpc.result(message.path("id"), result));
    }

    /** The session of a request; what has none is refused here. */
    private Optional<Session> session(Exchange exchange, JsonNode message) throws IOException {
        var id = exchange.header("Mcp-Session-Id");
        var known = id.map(sessions::get);
        if (known.isPresent() && isKnownRevision(exchange)) {
            return known;
        }
        boolean isUnknown = id.isPresent() && known.isEmpty();
        var text = isUnknown ? "Session not found" : "A session and its revision are required";
        var error = Rpc.error(message.path("id"), SESSION_REQUIRED, text);
        exchange.answer(isUnknown ? 404 : 400, error);
        return Optional.empty();
    }

    private static boolean isKnownRevision(Exchange exchange) {
        return exchange.header("MCP-Protocol-Version").map(REVISIONS::contains).orElse(true);
    }

    private void post(Exchange exchange, Session session, JsonNode message) throws IOException {
        if (!message.has("method")) {
            session.answered(message);
            exchange.answer(202);
        } else if (message.has("id")) {
            answer(exchange, session, message);
        } else {
            notice(session, message);
            exchange.answer(202);
        }
    }

    private static void notice(Session session, JsonNode message) {
        if (message.path("method").asString("").equals("notifications/cancelled")) {
            session.cancel(message.path("params").path("requestId"));
        }
    }

    private void answer(Exchange exchange, Session session, JsonNode message) throws IOException {
        var ofSession = ofSession(session, message);
        if (ofSession.isPresent()) {
            exchange.answer(200, ofSession.get());
        } else {
            new LegacyCall(surface, session, message, new Reply(exchange)).run();
        }
    }

    /** Answers what only this era has, or nothing. */
    private Optional<ObjectNode> ofSession(Session session, JsonNode message) {
        var params = message.path("params");
        var uri = params.path("uri").asString("");
        switch (message.path("method").asString("")) {
            case "ping" -> {}
            case "resources/subscribe" -> session.watch(uri);
            case "resources/unsubscribe" -> session.unwatch(uri);
            case "logging/setLevel" -> {
                return Optional.of(setLevel(session, message));
            }
            case String method when isUnknown(method) -> {
                return Optional.of(
                        Rpc.error(message.path("id"), Rpc.UNKNOWN_METHOD, "Unknown method"));
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(Rpc.result(message.path("id"), Rpc.object()));
    }

    private boolean isUnknown(String method) {
        return !Surface.METHODS.contains(method);
    }

    private static ObjectNode setLevel(Session session, JsonNode message) {
        var level = message.path("params").path("level").asString("");
        if (!LogLevel.isKnown(level)) {
            return Rpc.error(message.path("id"), Rpc.INVALID_PARAMS, "Unknown log level");
        }
        session.logFrom(level);
        return Rpc.result(message.path("id"), Rpc.object());
    }

    private void watch(Exchange exchange, Session session)
            throws IOException, InterruptedException {
        try (var watch = changes.watch();
                var stream = exchange.stream()) {
            watch.pump(stream, change -> wanted(session, change));
        }
    }

    private static Optional<JsonNode> wanted(Session session, Change change) {
        var params = Rpc.object();
        change.uri().ifPresent(uri -> params.put("uri", uri));
        return change.uri().map(session::watches).orElse(true)
                ? Optional.of(Rpc.notification(change.method(), params))
                : Optional.empty();
    }

    private static void resume(Exchange exchange, Session session, String event)
            throws IOException, InterruptedException {
        try (var stream = exchange.stream()) {
            stream.send(event + "-answer", session.collect(event));
        } catch (TimeoutException never) {
            // the stream ends without the answer
        }
    }
}
