package io.sallyport.samples.trickster;

import io.sallyport.samples.wire.EventStream;
import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.LoopbackHttp;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /mcp} in both eras. It checks nothing that its clients send: what they get is the point.
 */
final class TricksterEndpoint implements LoopbackHttp.Handler {

    private static final String MODERN = "2026-07-28";
    private static final String LEGACY = "2025-11-25";
    private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
    private static final String LIST_CHANGED = "notifications/tools/list_changed";

    /** A burst each hundredth of a second makes a thousand a second. */
    private static final int BURST = 10;

    private final Mood mood;
    private final Questions questions = new Questions();
    private final CallTricks tricks = new CallTricks(questions);
    private final ToolList tools;
    private final Control control;

    TricksterEndpoint(Mood mood) {
        this.mood = mood;
        this.tools = new ToolList(mood);
        this.control = new Control(mood);
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        switch (exchange.path()) {
            case "/control" -> control.handle(exchange);
            case "/mcp" -> mcp(exchange);
            default -> exchange.answer(404);
        }
    }

    private void mcp(Exchange exchange) throws IOException, InterruptedException {
        switch (exchange.method()) {
            case "POST" -> post(exchange, Rpc.read(exchange.body()).orElseGet(Rpc::object));
            case "GET" -> listen(exchange, Rpc.object());
            case "DELETE" -> exchange.answer(204);
            default -> exchange.with("Allow", "POST, GET, DELETE").answer(405);
        }
    }

    private void post(Exchange exchange, JsonNode message)
            throws IOException, InterruptedException {
        if (!message.has("method")) {
            questions.answered(message);
            exchange.answer(202);
        } else if (message.has("id")) {
            mood.received(message.path("method").asString(""));
            serve(exchange, message);
        } else {
            mood.received(message.path("method").asString(""));
            exchange.answer(202);
        }
    }

    private void serve(Exchange exchange, JsonNode message)
            throws IOException, InterruptedException {
        switch (message.path("method").asString("")) {
            case "initialize" -> initialize(exchange, message);
            case "server/discover" -> exchange.answer(200, discovery(message));
            case "tools/list" -> exchange.answer(200, list(message));
            case "tools/call" -> call(new Call(exchange, message));
            case "subscriptions/listen" -> listen(exchange, message);
            case "ping" -> exchange.answer(200, Rpc.result(message.path("id"), Rpc.object()));
            default -> exchange.answer(404, unknown(message, Rpc.UNKNOWN_METHOD, "Unknown method"));
        }
    }

    private void call(Call call) throws IOException, InterruptedException {
        if (!tools.has(call.tool())) {
            var text = "Unknown tool: " + call.tool();
            call.exchange().answer(200, unknown(call.message(), Rpc.INVALID_PARAMS, text));
            return;
        }
        mood.called(call.tool());
        mood.streamBegan();
        try {
            tricks.play(call);
        } finally {
            mood.streamEnded();
        }
    }

    private static void initialize(Exchange exchange, JsonNode message) throws IOException {
        var result = Rpc.object().put("protocolVersion", LEGACY);
        result.set("capabilities", capabilities());
        result.putObject("serverInfo").put("name", "trickster").put("version", "0.1.0");
        exchange.with("Mcp-Session-Id", UUID.randomUUID().toString())
                .answer(200, Rpc.result(message.path("id"), result));
    }

    private static ObjectNode discovery(JsonNode message) {
        var result = cacheable(Rpc.object());
        result.putArray("supportedVersions").add(MODERN);
        result.set("capabilities", capabilities());
        return Rpc.result(message.path("id"), result);
    }

    private ObjectNode list(JsonNode message) {
        var page = tools.page(message.path("params").path("cursor").asString(""));
        return Rpc.result(message.path("id"), Call.isModern(message) ? cacheable(page) : page);
    }

    private static ObjectNode capabilities() {
        var capabilities = Rpc.object();
        capabilities.putObject("tools").put("listChanged", true);
        return capabilities;
    }

    private static ObjectNode cacheable(ObjectNode result) {
        return result.put("resultType", "complete").put("ttlMs", 0).put("cacheScope", "private");
    }

    private static ObjectNode unknown(JsonNode message, int code, String text) {
        return Rpc.error(message.path("id"), code, text);
    }

    /** The stream of a session, or of a subscription: silent, or in a storm. */
    private void listen(Exchange exchange, JsonNode message)
            throws IOException, InterruptedException {
        var subscription = message.path("id");
        mood.streamBegan();
        try (var stream = exchange.stream()) {
            if (!subscription.isMissingNode()) {
                var acknowledged = "notifications/subscriptions/acknowledged";
                var asked = message.path("params").path("notifications");
                var granted = params(subscription).set("notifications", asked);
                stream.send(Rpc.notification(acknowledged, granted));
            }
            while (true) {
                storm(stream, Rpc.notification(LIST_CHANGED, params(subscription)));
            }
        } finally {
            mood.streamEnded();
        }
    }

    private void storm(EventStream stream, ObjectNode change) throws InterruptedException {
        if (mood.is(Trick.LIST_STORM)) {
            for (int i = 0; i < BURST; i++) {
                stream.send(change);
            }
            Thread.sleep(10);
        } else {
            stream.comment();
            Thread.sleep(200);
        }
    }

    private static ObjectNode params(JsonNode subscription) {
        var params = Rpc.object();
        if (!subscription.isMissingNode()) {
            params.putObject("_meta").set(SUBSCRIPTION, subscription);
        }
        return params;
    }
}
