package io.sallyport.chat;

import com.sun.net.httpserver.HttpExchange;
import io.sallyport.chat.RawProvider.Behaviour;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * A chat face before a provider that answers the first request oddly and every later one with
 * {@code Done.}, streamed or not as it is asked.
 */
final class OddProvider implements AutoCloseable {
    static final String DONE = "data: [DONE]\n\n";

    private final RawProvider provider;
    private final List<String> requests = new ArrayList<>();
    private final boolean streams;
    private final ChatServer server;

    private OddProvider(Behaviour first, boolean streams) throws IOException {
        this.streams = streams;
        var requests = new AtomicInteger();
        provider =
                RawProvider.behaving(exchange -> {
                    if (requests.getAndIncrement() == 0) {
                        first.answer(exchange);
                    } else {
                        send(exchange, done(exchange));
                    }
                });
        server = ChatServer.of(Tenant.at(provider.endpoint()));
    }

    static OddProvider behaving(Behaviour first) throws IOException {
        return new OddProvider(first, true);
    }

    static OddProvider refusing(int status, String body) throws IOException {
        return behaving(exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    /** With single quotes for double ones. */
    static OddProvider whole(String body) throws IOException {
        return new OddProvider(
                exchange -> send(exchange, new Body("application/json", body)), false);
    }

    static OddProvider streaming(String body) throws IOException {
        return new OddProvider(
                exchange -> send(exchange, new Body("text/event-stream", body)), true);
    }

    /** A stream that ends in order, of chunks whose first choice has these members. */
    static OddProvider choices(String... choices) throws IOException {
        return streaming(events(choices) + DONE);
    }

    static String events(String... choices) {
        var events = new StringBuilder();
        for (var choice : choices) {
            events.append(event("{'choices':[{'index':0," + choice + "}]}"));
        }
        return events.toString();
    }

    static String event(String payload) {
        return "data: " + payload.replace('\'', '"') + "\n\n";
    }

    private record Body(String type, String text) {}

    private static Body done(HttpExchange exchange) {
        var streamed = "text/event-stream".equals(exchange.getRequestHeaders().getFirst("accept"));
        return streamed
                ? new Body(
                        "text/event-stream",
                        events("'delta':{'content':'Done.'},'finish_reason':'stop'") + DONE)
                : new Body(
                        "application/json",
                        "{'choices':[{'message':{'content':'Done.'},'finish_reason':'stop'}]}");
    }

    private static void send(HttpExchange exchange, Body body) throws IOException {
        var bytes = body.text().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", body.type());
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    ChatServer server() {
        return server;
    }

    Answer ask(boolean stream) throws Exception {
        return server.chat(Bodies.ask("agent", stream));
    }

    /** For a stream if the provider answers with one. */
    Answer askAsItAnswers() throws Exception {
        return ask(streams);
    }

    /** What a client gets of a stream that has more in it than OpenAI's schema knows. */
    Answer askAnyhow(String model) throws Exception {
        return askAnyhow(model, true);
    }

    Answer askAnyhow(String model, boolean stream) throws Exception {
        return sent(Bodies.ask(model, "\"stream\":" + stream));
    }

    /** The same with more members in the request: the whole stream. */
    String streamedAnyhow(String more) throws Exception {
        return sent(Bodies.ask("agent", more + "," + Bodies.STREAM)).body();
    }

    private Answer sent(String body) throws Exception {
        var ask = BodyPublishers.ofString(body);
        var request = server.request("/chat/completions").POST(ask).build();
        return Answer.of(server.send(request, BodyHandlers.ofString()));
    }

    /** Each call that reached the gate, as {@code name arguments}. */
    List<String> calls() {
        return server.gate.received().stream()
                .map(it -> it.name().replaceAll(".*__", "") + " " + it.arguments())
                .toList();
    }

    /** The messages of the last request, the first being the user's. */
    JsonNode messages() throws InterruptedException {
        while (provider.requests() > 0) {
            requests.add(provider.nextRequest());
        }
        return Answer.parse(requests.getLast()).path("messages");
    }

    int requests() {
        return provider.requests();
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
