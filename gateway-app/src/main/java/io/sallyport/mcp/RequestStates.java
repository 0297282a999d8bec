package io.sallyport.mcp;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.gate.CallOutcome;
import io.sallyport.json.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The {@code requestState} of a 2026 client: sealed by us, good for the same principal, endpoint,
 * method and params, for ten minutes. That it is good once only is the gate's doing: the next leg
 * is an attempt under the state's own name, and no attempt is made twice.
 */
final class RequestStates {
    static final Duration VALID = Duration.ofMinutes(10);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final StateKeys keys;
    private final Clock clock;

    RequestStates(StateKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * What a state holds.
     *
     * @param attempt name of the leg that brings the answers
     * @param asker place of the server that asked
     */
    record State(String attempt, Continuation continuation, InputRequests questions, String asker) {
        Continued continued(JsonNode responses) {
            return new Continued(continuation, responses, asker);
        }
    }

    String seal(
            RpcMessage.Request request,
            McpRequestContext context,
            CallOutcome.InputRequired asked,
            InputRequests questions) {
        var content = JSON.objectNode();
        content.put("attempt", "mcp:state:" + UUID.randomUUID());
        content.put("until", clock.instant().plus(VALID).toEpochMilli());
        content.put("asker", asked.asker());
        switch (asked.continuation()) {
            case Continuation.State(var state) -> state.ifPresent(it -> content.put("state", it));
            case Continuation.Parked(var ticket) -> content.put("ticket", ticket);
        }
        content.set("questions", questions.requests());
        return keys.seal(JsonText.write(content), binding(request, context));
    }

    /** Empty if the text is not a state of ours for this very request, or is too old. */
    Optional<State> open(String sealed, RpcMessage.Request request, McpRequestContext context) {
        return keys.open(sealed, binding(request, context))
                .map(RequestStates::read)
                .filter(it -> it.path("until").asLong() > clock.millis())
                .map(RequestStates::state);
    }

    private static JsonNode read(byte[] ours) {
        try {
            return StrictJson.read(ours);
        } catch (MalformedJson e) {
            throw new IllegalStateException("a state that we sealed cannot be read", e);
        }
    }

    private static State state(JsonNode content) {
        var continuation =
                content.has("ticket")
                        ? new Continuation.Parked(content.path("ticket").asString())
                        : new Continuation.State(
                                Optional.ofNullable(content.get("state")).map(JsonNode::asString));
        return new State(
                content.path("attempt").asString(),
                continuation,
                new InputRequests(content.path("questions")),
                content.path("asker").asString(""));
    }

    /** As JSON, so that no part of it can be read as another. */
    private static String binding(RpcMessage.Request request, McpRequestContext context) {
        var principal = context.caller().principal();
        var parts = JSON.arrayNode();
        parts.add("mcp-state")
                .add(principal.tenant().value())
                .add(principal.subject())
                .add(context.path())
                .add(request.method())
                .add(digest(request.params()));
        return JsonText.text(parts);
    }

    /** Over everything that the call means; not over what is new in each leg. */
    private static String digest(JsonNode params) {
        var meant = JSON.objectNode();
        params.properties().forEach(it -> meant.set(it.getKey(), it.getValue()));
        meant.remove("_meta");
        meant.remove("inputResponses");
        meant.remove("requestState");
        return Sha256.of(CanonicalJson.write(meant));
    }
}
