package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request of a session, all its turns: questions go to the client on the request's stream. */
final class LegacyCall implements Notices {

    private static final int RESOURCE_NOT_FOUND = -32002;
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Surface surface;
    private final Session session;
    private final JsonNode request;
    private final Reply reply;
    private Optional<String> brokenOffAfter = Optional.empty();

    LegacyCall(Surface surface, Session session, JsonNode request, Reply reply) {
        this.surface = surface;
        this.session = session;
        this.request = request;
        this.reply = reply;
    }

    /** Runs until the response is sent, or the client cancels. */
    void run() throws IOException {
        session.began(id());
        try {
            deliver(response());
        } catch (InterruptedException cancelled) {
            reply.abandon();
        } finally {
            session.ended(id());
        }
    }

    @Override
    public void progress(int done, int total) {
        request.path("params")
                .path("_meta")
                .optional("progressToken")
                .ifPresent(token -> reply.send(Notifications.progress(token, done, total)));
    }

    @Override
    public void log(String level, String text) {
        if (session.wantsLog(level)) {
            reply.send(Notifications.log(level, text));
        }
    }

    @Override
    public void disconnect() {
        var event = UUID.randomUUID().toString();
        session.owe(event);
        brokenOffAfter = Optional.of(event);
        reply.breakOff(event, RETRY);
    }

    private void deliver(ObjectNode response) throws IOException {
        if (brokenOffAfter.isPresent()) {
            session.pay(brokenOffAfter.get(), response);
        } else {
            reply.finish(200, response);
        }
    }

    private ObjectNode response() throws InterruptedException {
        var turn = firstTurn();
        while (true) {
            switch (surface.answer(method(), turn)) {
                case Outcome.Done(ObjectNode result) -> {
                    return Rpc.result(id(), result);
                }
                case Outcome.Asks questions -> {
                    var answers = answers(questions);
                    if (answers.isEmpty()) {
                        return failure("The client did not answer what it was asked.");
                    }
                    turn = turn.answered(answers.get(), questions.state());
                }
                case Outcome.Lacks(String capability) -> {
                    return failure("The client does not offer " + capability + ".");
                }
                case Outcome.Unknown(String uri) -> {
                    return notFound(uri);
                }
                case Outcome.Invalid(String reason) -> {
                    return Rpc.error(id(), Rpc.INVALID_PARAMS, reason);
                }
            }
        }
    }

    private Turn firstTurn() {
        return new Turn(
                request.path("params"),
                session.capabilities(),
                Rpc.object(),
                Optional.empty(),
                this);
    }

    /** The results by key, or nothing if the client cannot be asked or refused to answer. */
    private Optional<JsonNode> answers(Outcome.Asks questions) throws InterruptedException {
        if (Capability.lacking(questions.requests(), session.capabilities()).isPresent()) {
            return Optional.empty();
        }
        try {
            return results(session.ask(questions.requests(), reply::send));
        } catch (TimeoutException silent) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> results(ObjectNode messages) {
        var results = Rpc.object();
        messages.forEachEntry((key, message) ->
                message.optional("result").ifPresent(result -> results.set(key, result)));
        return results.size() == messages.size() ? Optional.of(results) : Optional.empty();
    }

    private ObjectNode failure(String text) {
        return method().equals("tools/call")
                ? Rpc.result(id(), Texts.failure(text))
                : Rpc.error(id(), Rpc.INVALID_REQUEST, text);
    }

    private ObjectNode notFound(String uri) {
        var where = Rpc.object().put("uri", uri);
        return Rpc.error(id(), RESOURCE_NOT_FOUND, "Resource not found", where);
    }

    private JsonNode id() {
        return request.path("id");
    }

    private String method() {
        return request.path("method").asString("");
    }
}
