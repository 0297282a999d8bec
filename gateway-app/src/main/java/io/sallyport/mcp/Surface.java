package io.sallyport.mcp;

import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.ComputePool.Outcome;
import io.sallyport.bridge.Continued;
import io.sallyport.catalog.CallTimes;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.Gate;
import io.sallyport.gate.Peer;
import io.sallyport.gate.UpstreamCall;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an endpoint offers to a principal, the same on both lanes. */
final class Surface {
    static final String NAME = "sallyport";
    static final String RELEASE = "0.1.0";

    /** Longest time in which the answers to a server's questions are judged. */
    private static final Duration JUDGING_TIME = Duration.ofSeconds(2);

    private final Gate gate;
    private final Lists lists;
    private final ComputePool pool;

    Surface(Gate gate, Lists lists, ComputePool pool) {
        this.gate = gate;
        this.lists = lists;
        this.pool = pool;
    }

    /**
     * The answers to exactly these questions, judged by the server's schemas; empty if one is
     * missing, does not fit, or cannot be judged now.
     */
    Optional<ObjectNode> answers(Questions questions, JsonNode responses, Exchange exchange)
            throws InterruptedException {
        var tenant = exchange.caller().key().tenant().value();
        return switch (pool.run(tenant, JUDGING_TIME, () -> questions.answers(responses))) {
            case Outcome.Done<Optional<ObjectNode>>(var answers) -> answers;
            case Outcome.OutOfTime<Optional<ObjectNode>>(),
                    Outcome.Overloaded<Optional<ObjectNode>>() ->
                    Optional.empty();
        };
    }

    /**
     * One leg of a call.
     *
     * @param key identity of the attempt
     */
    record Leg(Peer peer, String key, Optional<Continued> continued) {
        /** Clients repeat JSON-RPC ids freely, so the key of an attempt is ours. */
        static Leg first(Peer peer) {
            return new Leg(peer, "mcp:" + UUID.randomUUID(), Optional.empty());
        }

        Leg next(Continued answers) {
            return new Leg(peer, "mcp:" + UUID.randomUUID(), Optional.of(answers));
        }
    }

    Lists lists() {
        return lists;
    }

    /** Whether the caller may use something here now; nothing is, for a key that is no more. */
    boolean exists(Exchange exchange) {
        return lists.key(exchange).isPresent() && isServed(exchange);
    }

    /** The same, and the caller is not stopped: then there is nothing to tell it. */
    boolean tells(Exchange exchange) {
        return exists(exchange) && !lists.view(exchange).isStopped(exchange.caller().principal());
    }

    /** While the rules cannot be read nobody knows, and every call says so. */
    private boolean isServed(Exchange exchange) {
        var view = lists.view(exchange);
        return !view.policy().isReadable()
                || exchange.endpoint().exists(view, exchange.caller().principal());
    }

    /** Who answers, as both eras name it. */
    static ObjectNode serverInfo() {
        return JsonNodeFactory.instance.objectNode().put("name", NAME).put("version", RELEASE);
    }

    /** What both eras greet a client with. */
    ObjectNode greet(Exchange exchange, ObjectNode greeting) {
        greeting.set("capabilities", lists.capabilities(exchange));
        lists.instructions(exchange).ifPresent(it -> greeting.put("instructions", it));
        return greeting;
    }

    /** Puts one leg of a call through the gate. */
    CallOutcome run(UpstreamCall call, Exchange exchange, Leg leg) throws InterruptedException {
        return gate.call(call, context(exchange, leg));
    }

    /** Answers did not get to the upstream, and the client can only begin anew. */
    static boolean isHeldBack(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Refused
                || outcome instanceof CallOutcome.ApprovalPending;
    }

    /** Nobody will answer what the upstream asked. */
    void abandon(CallOutcome.InputRequired asked, Exchange exchange) {
        gate.abandon(asked, context(exchange, Leg.first(Peer.SILENT)));
    }

    private CallContext context(Exchange exchange, Leg leg) {
        var caller = exchange.caller();
        return new CallContext(
                caller.principal(),
                exchange.endpoint().offer(lists.view(exchange), caller.principal()),
                leg.key(),
                "mcp",
                caller.requestId(),
                Optional.empty(),
                leg.peer(),
                exchange.room(),
                CallTimes.LONGEST);
    }

    /** A call's outcome in the terms of its method. */
    Reply reply(RpcMessage.Request request, Exchange exchange, CallOutcome outcome) {
        return request.method().equals("tools/call")
                ? replies(request, exchange).of(outcome)
                : ReadReply.of(request, outcome);
    }

    /** How outcomes of calls of the request's tool are told. */
    CallReply replies(RpcMessage.Request request, Exchange exchange) {
        var name = request.params().path("name").asString("");
        return new CallReply(() -> lists.mayHaveOutputSchema(exchange, name));
    }
}
