package io.sallyport.mcp;

import io.sallyport.bridge.Continued;
import io.sallyport.catalog.CallTimes;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallResult;
import io.sallyport.gate.ClientContext;
import io.sallyport.gate.Gate;
import io.sallyport.gate.ResourceSubscription;
import io.sallyport.gate.SubscriptionResult;
import io.sallyport.gate.UpstreamCall;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.ComputePool.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an endpoint offers to a principal, the same on both lanes. */
final class EndpointCalls {
    static final String NAME = "sallyport";
    static final String RELEASE = "0.1.0";

    /** Longest time in which the answers to a server's questions are judged. */
    private static final Duration JUDGING_TIME = Duration.ofSeconds(2);

    private final Gate gate;
    private final Lists lists;
    private final ComputePool pool;

    EndpointCalls(Gate gate, Lists lists, ComputePool pool) {
        this.gate = gate;
        this.lists = lists;
        this.pool = pool;
    }

    /**
     * The answers to exactly these questions, judged by the server's schemas; empty if one is
     * missing, does not fit, or cannot be judged now.
     */
    Optional<ObjectNode> answers(
            InputRequests questions, JsonNode responses, McpRequestContext context)
            throws InterruptedException {
        var tenant = context.caller().key().tenant().value();
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
    record Leg(ClientContext client, String key, Optional<Continued> continued) {
        /** Clients repeat JSON-RPC ids freely, so the key of an attempt is ours. */
        static Leg first(ClientContext client) {
            return new Leg(client, "mcp:" + UUID.randomUUID(), Optional.empty());
        }

        Leg next(Continued answers) {
            return new Leg(client, "mcp:" + UUID.randomUUID(), Optional.of(answers));
        }

        /** Whether the call has been sent before, so that nothing says that it did not run. */
        boolean isLater() {
            return continued.isPresent();
        }
    }

    Lists lists() {
        return lists;
    }

    /** Whether the caller may use something here now; nothing is, for a key that is no more. */
    boolean exists(McpRequestContext context) {
        return lists.key(context).isPresent() && isServed(context);
    }

    /** The same, and the caller is not stopped: then there is nothing to tell it. */
    boolean tells(McpRequestContext context) {
        return exists(context) && !lists.view(context).isStopped(context.caller().principal());
    }

    /** While the rules cannot be read nobody knows, and every call says so. */
    private boolean isServed(McpRequestContext context) {
        var view = lists.view(context);
        return !view.policy().isReadable()
                || context.endpoint().exists(view, context.caller().principal());
    }

    /** Who answers, as both eras name it. */
    static ObjectNode serverInfo() {
        return JsonNodeFactory.instance.objectNode().put("name", NAME).put("version", RELEASE);
    }

    /** What both eras greet a client with. */
    ObjectNode greet(McpRequestContext context, ObjectNode greeting) {
        greeting.set("capabilities", lists.capabilities(context));
        lists.instructions(context).ifPresent(it -> greeting.put("instructions", it));
        return greeting;
    }

    /** Puts one leg of a call through the gate. */
    CallResult run(UpstreamCall call, McpRequestContext context, Leg leg)
            throws InterruptedException {
        return gate.call(call, callContext(context, leg));
    }

    /** Runs a leg of a request whose params were read before. */
    CallResult run(RpcMessage.Request request, McpRequestContext context, Leg leg)
            throws InterruptedException {
        return switch (Calls.read(request, leg.continued())) {
            case Calls.Reading.Read(var call) -> run(call, context, leg);
            case Calls.Reading.Faulty _ -> throw new IllegalStateException("was read before");
        };
    }

    /** Asks the gate to let the caller hear of a resource. */
    SubscriptionResult subscribe(
            ResourceSubscription subscription, McpRequestContext context, ClientContext client)
            throws InterruptedException {
        return gate.subscribe(subscription, callContext(context, Leg.first(client)));
    }

    /** Answers did not get to the upstream, and the client can only begin anew. */
    static boolean isHeldBack(CallResult result) {
        var outcome = result.outcome();
        return outcome instanceof CallOutcome.Refused
                || outcome instanceof CallOutcome.ApprovalPending;
    }

    /** Nobody will answer what the upstream asked. */
    void abandon(CallOutcome.InputRequired asked, McpRequestContext context) {
        gate.abandon(asked, callContext(context, Leg.first(ClientContext.SILENT)));
    }

    private CallContext callContext(McpRequestContext context, Leg leg) {
        var caller = context.caller();
        return new CallContext(
                caller.principal(),
                context.endpoint().offer(lists.view(context), caller.principal()),
                leg.key(),
                "mcp",
                caller.requestId(),
                Optional.empty(),
                leg.client(),
                context.room(),
                CallTimes.LONGEST);
    }

    /** How a leg ended, in the terms of the call's method. */
    Reply reply(RpcMessage.Request request, McpRequestContext context, Leg leg, CallResult result) {
        return request.method().equals("tools/call")
                ? replies(request, context, leg).of(result)
                : ReadReply.of(request, result);
    }

    /** How outcomes of calls of the request's tool are told. */
    CallReply replies(RpcMessage.Request request, McpRequestContext context, Leg leg) {
        var name = request.params().path("name").asString("");
        return new CallReply(() -> lists.mayHaveOutputSchema(context, name), leg.isLater());
    }
}
