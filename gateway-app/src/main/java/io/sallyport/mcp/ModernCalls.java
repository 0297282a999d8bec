package io.sallyport.mcp;

import io.sallyport.bridge.Continued;
import io.sallyport.bridge.LogLevels;
import io.sallyport.catalog.Relay;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.Peer;
import io.sallyport.gate.Rejections;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of 2026 clients. What an upstream asks in the middle of one becomes the result of this leg,
 * and the client makes the call again with the answers (MCP 2026-07-28, multi round-trip requests).
 */
final class ModernCalls {
    /** In characters; the state comes back in a request that may be no larger than 1 MiB. */
    private static final int MAX_STATE = 256 * 1024;

    private static final String LOG_LEVEL = ModernRules.META + "logLevel";

    private final Surface surface;
    private final RequestStates states;
    private final Rejections rejections;

    ModernCalls(Surface surface, RequestStates states, Rejections rejections) {
        this.surface = surface;
        this.states = states;
        this.rejections = rejections;
    }

    Reply call(RpcMessage.Request request, Exchange exchange, Task task)
            throws InterruptedException {
        var responses = request.params().path("inputResponses");
        var invalid =
                fault(request)
                        .or(() ->
                                responses.isMissingNode() || responses.isObject()
                                        ? Optional.empty()
                                        : Optional.of(invalid("inputResponses must be an object")));
        if (invalid.isPresent()) {
            return Reply.failed(invalid.get());
        }
        var peer = peer(request, task.channel());
        return request.params().has("requestState")
                ? next(request, exchange, peer)
                : first(request, exchange, peer);
    }

    private static Optional<RpcFault> fault(RpcMessage.Request request) {
        return Calls.read(request, Optional.empty()) instanceof Calls.Reading.Faulty(var fault)
                ? Optional.of(fault)
                : Optional.empty();
    }

    /** Runs a leg of a request whose params were read before. */
    private CallOutcome run(RpcMessage.Request request, Exchange exchange, Surface.Leg leg)
            throws InterruptedException {
        return switch (Calls.read(request, leg.continued())) {
            case Calls.Reading.Read(var call) -> surface.run(call, exchange, leg);
            case Calls.Reading.Faulty _ -> throw new IllegalStateException("was read before");
        };
    }

    private static RpcFault invalid(String sentence) {
        return RpcFault.of(400, RpcFault.INVALID_PARAMS, sentence);
    }

    private static Peer peer(RpcMessage.Request request, Channel channel) {
        var meta = ModernRules.meta(request.params());
        var token = Optional.ofNullable(meta.get("progressToken"));
        var level = Optional.of(meta.path(LOG_LEVEL).asString("")).filter(LogLevels::isLevel);
        return new Peer(
                meta.path(ModernRules.CAPABILITIES),
                token.isPresent() && channel.streams(),
                level.filter(_ -> channel.streams()),
                new CallNotices(channel, token, level),
                channel::isClosed);
    }

    /**
     * Answers that come before anything was asked are used only if the upstream then asks for
     * exactly them: they never reach it as an answer to something else.
     */
    private Reply first(RpcMessage.Request request, Exchange exchange, Peer peer)
            throws InterruptedException {
        var leg = Surface.Leg.first(peer);
        var outcome = run(request, exchange, leg);
        var early = request.params().path("inputResponses");
        if (outcome instanceof CallOutcome.InputRequired asked && !early.isMissingNode()) {
            var answers = surface.answers(Questions.in(asked.result()), early, exchange);
            if (answers.isPresent()) {
                var continued = new Continued(asked.continuation(), answers.get());
                outcome = run(request, exchange, leg.next(continued));
                if (Surface.isHeldBack(outcome)) {
                    surface.abandon(asked, exchange);
                }
            }
        }
        return reply(request, exchange, outcome);
    }

    private Reply next(RpcMessage.Request request, Exchange exchange, Peer peer)
            throws InterruptedException {
        var sealed = request.params().path("requestState").asString("");
        var state = states.open(sealed, request, exchange);
        if (state.isEmpty()) {
            return refuseState(exchange);
        }
        var responses = request.params().path("inputResponses");
        var answers = surface.answers(state.get().questions(), responses, exchange);
        if (answers.isEmpty()) {
            return Reply.done(inputRequired(state.get().questions(), sealed));
        }
        var continued = new Continued(state.get().continuation(), answers.get());
        var leg = new Surface.Leg(peer, state.get().attempt(), Optional.of(continued));
        var outcome = run(request, exchange, leg);
        return wasMadeBefore(outcome) ? refuseState(exchange) : reply(request, exchange, outcome);
    }

    private static boolean wasMadeBefore(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Refused(var reason, _, _, _)
                && reason == Reason.REPEATED_ATTEMPT;
    }

    private Reply refuseState(Exchange exchange) {
        rejections.rejected(exchange.caller(), "mcp", Reason.REQUEST_STATE_INVALID.code());
        return Reply.failed(invalid("Invalid requestState"));
    }

    private Reply reply(RpcMessage.Request request, Exchange exchange, CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.InputRequired asked -> ask(request, exchange, asked);
            case CallOutcome.RejectedUpstream(_, var code, var required, var record, _)
                    when code == RpcFault.MISSING_CAPABILITY && required.isPresent() ->
                    new Reply.Failed(missingCapability(known(required.get())), record);
            case CallOutcome other -> surface.reply(request, exchange, other);
        };
    }

    /** Of what an upstream says that the client needs, only the names that clients know. */
    private static ObjectNode known(JsonNode required) {
        var known = JsonNodeFactory.instance.objectNode();
        for (var kind : Relay.values()) {
            if (required.path(kind.code()).isObject()) {
                known.putObject(kind.code());
            }
        }
        return known;
    }

    private Reply ask(
            RpcMessage.Request request, Exchange exchange, CallOutcome.InputRequired asked) {
        var questions = Questions.in(asked.result());
        var declared = ModernRules.meta(request.params()).path(ModernRules.CAPABILITIES);
        var missing = questions.missing(declared);
        if (missing.isPresent()) {
            surface.abandon(asked, exchange);
            return new Reply.Failed(missingCapability(missing.get()), asked.record());
        }
        var state = states.seal(request, exchange, asked.continuation(), questions);
        if (!questions.areKnown() || state.length() > MAX_STATE) {
            surface.abandon(asked, exchange);
            return surface.replies(request, exchange).cannotAsk(asked.record());
        }
        return new Reply.Done(inputRequired(questions, state), asked.record());
    }

    private static RpcFault missingCapability(ObjectNode missing) {
        var more = JsonNodeFactory.instance.objectNode();
        more.set("requiredCapabilities", missing);
        return RpcFault.of(
                        400,
                        RpcFault.MISSING_CAPABILITY,
                        "The server asks for a capability that the client did not declare")
                .with(more);
    }

    private static ObjectNode inputRequired(Questions questions, String state) {
        var result = JsonNodeFactory.instance.objectNode().put("resultType", "input_required");
        JsonNode requests = questions.requests();
        result.set("inputRequests", requests);
        return result.put("requestState", state);
    }
}
