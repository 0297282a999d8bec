package io.sallyport.mcp;

import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.ClientContext;
import io.sallyport.gate.ResourceSubscription;
import io.sallyport.gate.SubscriptionResult;
import io.sallyport.gate.UnderWay;
import io.sallyport.threads.Await;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of 2025 clients. What an upstream asks in the middle of one goes out on the call's own
 * stream as requests of ours; the client posts its answers in the same session.
 */
final class LegacyCalls {
    /** A server that asks more often does not know what it wants. */
    private static final int MAX_LEGS = 16;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EndpointCalls endpointCalls;
    private final Updates updates;
    private final UnderWay underWay;
    private final Duration patience;

    /**
     * @param patience longest time that a client may take for its answers
     */
    LegacyCalls(
            EndpointCalls endpointCalls, Updates updates, UnderWay underWay, Duration patience) {
        this.endpointCalls = endpointCalls;
        this.updates = updates;
        this.underWay = underWay;
        this.patience = patience;
    }

    Reply call(
            RpcMessage.Request request,
            McpRequestContext context,
            Session session,
            InFlightRequest inFlight)
            throws InterruptedException {
        if (Calls.read(request, Optional.empty()) instanceof Calls.Reading.Faulty(var fault)) {
            return Reply.failed(fault);
        }
        var leg = EndpointCalls.Leg.first(client(request, session, inFlight));
        var result = endpointCalls.run(request, context, leg);
        for (int legs = 1; result.outcome() instanceof CallOutcome.InputRequired asked; legs++) {
            var answers = legs < MAX_LEGS ? ask(asked, context, session, inFlight) : unasked();
            if (answers.isEmpty()) {
                endpointCalls.abandon(asked, context);
                return endpointCalls.replies(request, context, leg).cannotAsk(result.record());
            }
            leg = leg.next(asked.continued(answers.get()));
            result = endpointCalls.run(request, context, leg);
            if (EndpointCalls.isHeldBack(result)) {
                endpointCalls.abandon(asked, context);
            }
        }
        return CallReply.withoutNulls(endpointCalls.reply(request, context, leg, result));
    }

    private static Optional<ObjectNode> unasked() {
        return Optional.empty();
    }

    /** A client that leaves while it is asked leaves the upstream's question unanswered. */
    private Optional<ObjectNode> ask(
            CallOutcome.InputRequired asked,
            McpRequestContext context,
            Session session,
            InFlightRequest inFlight)
            throws InterruptedException {
        try {
            var questions = InputRequests.in(asked.result());
            var stop = underWay.stop(context.caller().principal(), asked.tool());
            var responses = ask(questions, session, inFlight.channel(), stop);
            return responses.isPresent()
                    ? endpointCalls.answers(questions, responses.get(), context)
                    : Optional.empty();
        } catch (InterruptedException e) {
            endpointCalls.abandon(asked, context);
            throw e;
        }
    }

    /** The session hears of the resource from now on, on its own stream. */
    Reply subscribe(
            RpcMessage.Request request,
            McpRequestContext context,
            Session session,
            InFlightRequest inFlight)
            throws InterruptedException {
        if (updates.areTooMany(1, context) || session.hearsOfTooMany()) {
            return Reply.failed(RpcFault.invalidParams("Too many resources are subscribed to"));
        }
        var uri = request.params().path("uri");
        if (!uri.isString()) {
            return Reply.failed(RpcFault.invalidParams("params.uri must be a string"));
        }
        var resource = new ResourceSubscription(uri.asString());
        var result = endpointCalls.subscribe(resource, context, client(request, session, inFlight));
        if (result instanceof SubscriptionResult.Watching watching) {
            session.watch(
                    resource.uri(),
                    updates.watch(
                            watching,
                            context,
                            session::updated,
                            () -> session.watchNoMore(resource.uri())));
        }
        return ReadReply.of(request, result);
    }

    /**
     * A client that reads no streams is asked nothing, so the upstream must not expect it to be.
     */
    private static ClientContext client(
            RpcMessage.Request request, Session session, InFlightRequest inFlight) {
        var channel = inFlight.channel();
        var token = Optional.ofNullable(request.params().path("_meta").get("progressToken"));
        return new ClientContext(
                channel.streams() ? session.greeting().capabilities() : JSON.objectNode(),
                token.isPresent() && channel.streams(),
                session.logLevel().filter(_ -> channel.streams()),
                new CallNotices(channel, token, session),
                inFlight::isCancelled);
    }

    /** A stop is as if the person had closed every form: the next leg says what was stopped. */
    private Optional<ObjectNode> ask(
            InputRequests questions, Session session, Channel channel, Mono<Void> stop)
            throws InterruptedException {
        if (!questions.areKnown()
                || questions.missing(session.greeting().capabilities()).isPresent()) {
            return Optional.empty();
        }
        Map<String, Asked> open = new LinkedHashMap<>();
        try {
            for (var question : questions.requests().properties()) {
                var one = put(question.getValue(), session, channel);
                open.put(question.getKey(), one);
                if (!one.told()) {
                    return Optional.empty();
                }
            }
            return responses(open, stop);
        } finally {
            open.values().forEach(it -> session.expectNoMore(it.id()));
        }
    }

    /** One question that is under way. */
    private record Asked(String id, boolean told, CompletableFuture<ObjectNode> answer) {}

    private static Asked put(JsonNode question, Session session, Channel channel) {
        var id = "sallyport-" + UUID.randomUUID();
        var answer = session.expect(id);
        var message = JSON.objectNode().put("jsonrpc", "2.0").put("id", id);
        message.set("method", question.path("method"));
        if (question.has("params")) {
            message.set("params", question.path("params"));
        }
        return new Asked(id, channel.tell(message), answer);
    }

    private Optional<ObjectNode> responses(Map<String, Asked> open, Mono<Void> stop)
            throws InterruptedException {
        var answered = Sinks.<Void>empty();
        Await.nothing(stop.doOnSuccess(_ -> close(open)).takeUntilOther(answered.asMono()));
        try {
            return responses(open);
        } finally {
            answered.tryEmitEmpty();
        }
    }

    private static void close(Map<String, Asked> open) {
        open.values().forEach(it -> it.answer().complete(JSON.objectNode()));
    }

    private Optional<ObjectNode> responses(Map<String, Asked> open) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        var responses = JSON.objectNode();
        for (var one : open.entrySet()) {
            var message = await(one.getValue().answer(), deadline - System.nanoTime());
            if (message.isEmpty()) {
                return Optional.empty();
            }
            responses.set(one.getKey(), result(message.get()));
        }
        return Optional.of(responses);
    }

    /** A person who closes the form and a client that reports it as an error mean the same. */
    private static JsonNode result(ObjectNode message) {
        return message.has("result")
                ? message.path("result")
                : JSON.objectNode().put("action", "cancel");
    }

    private static Optional<ObjectNode> await(CompletableFuture<ObjectNode> answer, long nanos)
            throws InterruptedException {
        try {
            return Optional.of(answer.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer cannot fail", e);
        }
    }
}
