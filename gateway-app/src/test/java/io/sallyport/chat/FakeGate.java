package io.sallyport.chat;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallResult;
import io.sallyport.gate.Gate;
import io.sallyport.gate.OfferedTools;
import io.sallyport.gate.ResourceSubscription;
import io.sallyport.gate.SubscriptionResult;
import io.sallyport.gate.ToolCall;
import io.sallyport.gate.UpstreamCall;
import io.sallyport.policy.ToolRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A gate that answers {@code <tool> says <arguments>} for every offered name, unless a test says
 * otherwise, and remembers what reached it.
 */
final class FakeGate implements Gate {
    /** What a test makes of one call. */
    interface Answer {
        CallResult to(ToolRef tool, ToolCall call) throws InterruptedException;
    }

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Received> received = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    /** A call that reached the gate. */
    record Received(String name, String arguments, CallContext context) {}

    void answer(String name, Answer answer) {
        answers.put(name, answer);
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    List<String> names() {
        return received().stream().map(Received::name).toList();
    }

    /** The most calls that were under way at once. */
    int mostRunning() {
        return mostRunning.get();
    }

    @Override
    public CallResult call(UpstreamCall any, CallContext context) throws InterruptedException {
        var call = (ToolCall) any;
        remember(call, context);
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            return outcome(call, context);
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public SubscriptionResult subscribe(ResourceSubscription subscription, CallContext context) {
        throw new AssertionError("chat hears of nothing");
    }

    @Override
    public void abandon(CallOutcome.InputRequired asked, CallContext context) {
        throw new AssertionError("chat is never asked");
    }

    private synchronized void remember(ToolCall call, CallContext context) {
        received.add(new Received(call.name(), text(call), context));
    }

    private CallResult outcome(ToolCall call, CallContext context) throws InterruptedException {
        var offered = ((OfferedTools.Listed) context.offer()).tools().get(call.name());
        if (offered == null) {
            return refused(Reason.TOOL_NOT_OFFERED, "There is no such tool.");
        }
        var answer = answers.getOrDefault(call.name(), FakeGate::echo);
        return answer.to(offered, call);
    }

    private static CallResult echo(ToolRef tool, ToolCall call) {
        return completed(tool.tool() + " says " + text(call));
    }

    static CallResult completed(String text) {
        return new CallResult(new CallOutcome.Completed(result(text), false), Optional.of("w:1:7"));
    }

    static CallResult refused(Reason reason, String sentence) {
        return new CallResult(new CallOutcome.Refused(reason, sentence), Optional.of("w:1:8"));
    }

    static String text(ToolCall call) {
        return switch (call.arguments()) {
            case ToolCall.Arguments.Written it -> new String(it.text(), StandardCharsets.UTF_8);
            case ToolCall.Arguments.Read it -> it.tree().toString();
        };
    }

    private static JsonNode result(String text) {
        var result = JsonNodeFactory.instance.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }
}
