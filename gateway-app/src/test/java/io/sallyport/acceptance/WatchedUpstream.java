package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A server of either era whose resources change when a test says so. */
final class WatchedUpstream implements AutoCloseable {
    private static final String CAPABILITIES =
            "{\"logging\":{},\"resources\":{\"subscribe\":true,\"listChanged\":true}}";

    private static final String GREETING =
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
                    + CAPABILITIES
                    + ",\"serverInfo\":{\"name\":\"watched\",\"version\":\"1\"}}";

    private static final String DISCOVERY =
            "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":"
                    + CAPABILITIES
                    + "}";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<OutputStream, String> streams = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final boolean modern;
    private final String resources;
    private final HttpServer server;

    /**
     * @param uris of its resources
     */
    WatchedUpstream(boolean modern, String... uris) {
        this.modern = modern;
        resources =
                List.of(uris).stream()
                        .map(it -> "{\"uri\":\"%s\",\"name\":\"%s\"}".formatted(it, it))
                        .collect(Collectors.joining(",", "[", "]"));
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/mcp", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    /** Every message that asks for updates, or not to hear of them any more. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Says on every stream that a resource has changed, whoever asked for what. */
    void update(String uri) {
        streams.forEach((stream, meta) ->
                write(
                        stream,
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{%s\"uri\":\"%s\"}}"
                                .formatted(meta, uri)));
    }

    /** Logs something on every stream, as a server does that is not asked anything just now. */
    void log(String level) {
        streams.keySet()
                .forEach(stream ->
                        write(
                                stream,
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"%s\",\"data\":\"x\"}}"
                                        .formatted(level)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        switch (exchange.getRequestMethod()) {
            case "GET" -> stream(exchange, "");
            case "POST" -> answer(exchange, Reply.parse(body), body);
            case String _ -> reply(exchange, 200, "");
        }
    }

    private void answer(HttpExchange exchange, JsonNode message, String body) throws IOException {
        var id = message.path("id");
        switch (message.path("method").asString("")) {
            case "server/discover" -> {
                if (modern) {
                    result(exchange, id, DISCOVERY);
                } else {
                    reply(exchange, 400, "");
                }
            }
            case "initialize" -> result(exchange, id, GREETING);
            case "resources/list" -> result(exchange, id, "{\"resources\":" + resources + "}");
            case "resources/templates/list" -> result(exchange, id, "{\"resourceTemplates\":[]}");
            case "resources/subscribe", "resources/unsubscribe" -> {
                asked.add(body);
                result(exchange, id, "{}");
            }
            case "logging/setLevel" -> result(exchange, id, "{}");
            case "resources/read" -> result(exchange, id, "{\"contents\":[]}");
            case "subscriptions/listen" -> {
                asked.add(body);
                stream(
                        exchange,
                        "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":%s},".formatted(id));
            }
            case String _ -> reply(exchange, 202, "");
        }
    }

    private void stream(HttpExchange exchange, String meta) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var stream = exchange.getResponseBody();
        stream.write(": open\n\n".getBytes(UTF_8));
        stream.flush();
        streams.put(stream, meta);
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(OutputStream stream, String message) {
        try {
            stream.write(("data: " + message + "\n\n").getBytes(UTF_8));
            stream.flush();
        } catch (IOException _) {
            streams.remove(stream); // the client left
        }
    }

    private static void result(HttpExchange exchange, JsonNode id, String result)
            throws IOException {
        reply(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
