package io.sallyport.mcp;

import io.sallyport.bridge.LogLevels;
import io.sallyport.catalog.Relay;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallResult;
import io.sallyport.gate.ClientContext;
import io.sallyport.recording.Rejections;
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

    private final EndpointCalls endpointCalls;
    private final RequestStates states;
    private final Rejections rejections;

    ModernCalls(EndpointCalls endpointCalls, RequestStates states, Rejections rejections) {
        this.endpointCalls = endpointCalls;
        this.states = states;
        this.rejections = rejections;
    }

    Reply call(RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
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
        var client = client(request, inFlight.channel());
        return request.params().has("requestState")
                ? next(request, context, client)
                : first(request, context, client);
    }

    private static Optional<RpcFault> fault(RpcMessage.Request request) {
        return Calls.read(request, Optional.empty()) instanceof Calls.Reading.Faulty(var fault)
                ? Optional.of(fault)
                : Optional.empty();
    }

    private static RpcFault invalid(String sentence) {
        return RpcFault.of(400, RpcFault.INVALID_PARAMS, sentence);
    }

    private static ClientContext client(RpcMessage.Request request, Channel channel) {
        var meta = ModernRules.meta(request.params());
        var token = Optional.ofNullable(meta.get("progressToken"));
        var level = Optional.of(meta.path(LOG_LEVEL).asString("")).filter(LogLevels::isLevel);
        return new ClientContext(
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
    private Reply first(RpcMessage.Request request, McpRequestContext context, ClientContext client)
            throws InterruptedException {
        var leg = EndpointCalls.Leg.first(client);
        var result = endpointCalls.run(request, context, leg);
        var early = request.params().path("inputResponses");
        if (result.outcome() instanceof CallOutcome.InputRequired asked && !early.isMissingNode()) {
            var answers = endpointCalls.answers(InputRequests.in(asked.result()), early, context);
            if (answers.isPresent()) {
                leg = leg.next(asked.continued(answers.get()));
                result = endpointCalls.run(request, context, leg);
                if (EndpointCalls.isHeldBack(result)) {
                    endpointCalls.abandon(asked, context);
                }
            }
        }
        return reply(request, context, leg, result);
    }

    private Reply next(RpcMessage.Request request, McpRequestContext context, ClientContext client)
            throws InterruptedException {
        var sealed = request.params().path("requestState").asString("");
        var state = states.open(sealed, request, context);
        if (state.isEmpty()) {
            return refuseState(context);
        }
        var responses = request.params().path("inputResponses");
        var answers = endpointCalls.answers(state.get().questions(), responses, context);
        if (answers.isEmpty()) {
            return Reply.done(inputRequired(state.get().questions(), sealed));
        }
        var continued = state.get().continued(answers.get());
        var leg = new EndpointCalls.Leg(client, state.get().attempt(), Optional.of(continued));
        var result = endpointCalls.run(request, context, leg);
        return wasMadeBefore(result) ? refuseState(context) : reply(request, context, leg, result);
    }

    private static boolean wasMadeBefore(CallResult result) {
        return result.outcome() instanceof CallOutcome.Refused(var reason, _, _)
                && reason == Reason.REPEATED_ATTEMPT;
    }

    private Reply refuseState(McpRequestContext context) {
        rejections.rejected(context.caller(), "mcp", Reason.REQUEST_STATE_INVALID.code());
        return Reply.failed(invalid("Invalid requestState"));
    }

    private Reply reply(
            RpcMessage.Request request,
            McpRequestContext context,
            EndpointCalls.Leg leg,
            CallResult result) {
        return switch (result.outcome()) {
            case CallOutcome.InputRequired asked ->
                    ask(request, context, leg, asked, result.record());
            case CallOutcome.RejectedUpstream(var code, var required)
                    when code == RpcFault.MISSING_CAPABILITY && required.isPresent() ->
                    new Reply.Failed(missingCapability(known(required.get())), result.record());
            case CallOutcome _ -> endpointCalls.reply(request, context, leg, result);
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
            RpcMessage.Request request,
            McpRequestContext context,
            EndpointCalls.Leg leg,
            CallOutcome.InputRequired asked,
            Optional<String> record) {
        var questions = InputRequests.in(asked.result());
        var declared = ModernRules.meta(request.params()).path(ModernRules.CAPABILITIES);
        var missing = questions.missing(declared);
        if (missing.isPresent()) {
            endpointCalls.abandon(asked, context);
            return new Reply.Failed(missingCapability(missing.get()), record);
        }
        var state = states.seal(request, context, asked, questions);
        if (!questions.areKnown() || state.length() > MAX_STATE) {
            endpointCalls.abandon(asked, context);
            return endpointCalls.replies(request, context, leg).cannotAsk(record);
        }
        return new Reply.Done(inputRequired(questions, state), record);
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

    private static ObjectNode inputRequired(InputRequests questions, String state) {
        var result = JsonNodeFactory.instance.objectNode().put("resultType", "input_required");
        JsonNode requests = questions.requests();
        result.set("inputRequests", requests);
        return result.put("requestState", state);
    }
}
