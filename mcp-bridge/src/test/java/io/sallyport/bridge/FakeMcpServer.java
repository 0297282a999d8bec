package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.egress.Destination;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** An MCP server of the session lane on 127.0.0.1 that keeps what it was sent. */
public final class FakeMcpServer implements AutoCloseable {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final String GREETING =
            """
            {"protocolVersion":"2025-11-25","capabilities":%s,\
            "serverInfo":{"name":"fake","version":"1"},"instructions":"Be kind."}\
            """;

    /** What happens to one request. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(Turn turn) throws Exception;
    }

    /** What arrived, header names in the JDK server's spelling. */
    public record Received(String verb, Map<String, List<String>> headers, byte[] body) {
        public String text() {
            return new String(body, UTF_8);
        }

        JsonNode tree() {
            try {
                return StrictJson.read(body);
            } catch (MalformedJson e) {
                throw new AssertionError(e);
            }
        }

        /** Of the JSON-RPC message, else the HTTP method. */
        String method() {
            return verb.equals("POST") ? tree().path("method").asString("response") : verb;
        }

        String header(String name) {
            return String.join("|", headers.getOrDefault(name, List.of()));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new ArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile Behaviour requests = turn -> turn.result("{}");
    private volatile Behaviour greeting = this::greet;
    private volatile Behaviour taking = turn -> turn.status(202);
    private volatile Behaviour listening = turn -> turn.status(405);
    private volatile String capabilities = "{\"tools\":{}}";
    private volatile boolean closing;
    private volatile boolean feeding;

    private FakeMcpServer(HttpServer server) {
        this.server = server;
    }

    public static FakeMcpServer start() throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var fake = new FakeMcpServer(HttpServer.create(loopback, 0));
        fake.server.setExecutor(fake.threads);
        fake.server.createContext("/", fake::handle);
        fake.server.start();
        return fake;
    }

    public FakeMcpServer answering(Behaviour behaviour) {
        requests = behaviour;
        return this;
    }

    FakeMcpServer greeting(Behaviour behaviour) {
        greeting = behaviour;
        return this;
    }

    /** What happens to answers and notifications. */
    FakeMcpServer taking(Behaviour behaviour) {
        taking = behaviour;
        return this;
    }

    /** What happens to the stream of a session in which the server may ask. */
    FakeMcpServer listening(Behaviour behaviour) {
        listening = behaviour;
        return this;
    }

    /** Streams of sessions are answered like requests: for those who listen to changes. */
    FakeMcpServer feeding() {
        feeding = true;
        return this;
    }

    FakeMcpServer capable(String json) {
        capabilities = json;
        return this;
    }

    /** Every answer ends its connection, so that none of them is left in a pool. */
    FakeMcpServer closingConnections() {
        closing = true;
        return this;
    }

    void greet(Turn turn) throws IOException {
        var session = "s-" + sessions.incrementAndGet();
        turn.header("Mcp-Session-Id", session);
        turn.result(GREETING.formatted(capabilities));
    }

    void greetWithoutSession(Turn turn) throws IOException {
        turn.result(GREETING.formatted(capabilities));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Permitted as in development. */
    public Destination destination() {
        var uri = URI.create("http://127.0.0.1:" + port() + "/mcp");
        return new Destination(
                "acme/fake", uri, EgressTerms.allowing(List.of("127.0.0.1/32:" + port())), true);
    }

    public List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    List<Received> received(String method) {
        return received().stream().filter(it -> it.method().equals(method)).toList();
    }

    /** Waits until that many messages of that method have come. */
    public List<Received> await(String method, int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        synchronized (received) {
            while (received(method).size() < count) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("never came: " + method);
                }
                received.wait(left);
            }
        }
        return received(method);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var headers = Map.copyOf(exchange.getRequestHeaders());
        var request = new Received(exchange.getRequestMethod(), headers, body);
        synchronized (received) {
            received.add(request);
            received.notifyAll();
        }
        var turn = new Turn(exchange, request);
        if (closing) {
            turn.header("Connection", "close");
        }
        try (exchange) {
            behaviour(request).answer(turn);
        } catch (Exception _) {
            exchange.close(); // the client left, or the test is over
        }
    }

    private Behaviour behaviour(Received request) {
        var method = request.method();
        if (method.equals("initialize")) {
            return greeting;
        }
        if (isListening(request)) {
            return listening;
        }
        var says = method.startsWith("notifications/") || method.equals("response");
        return says ? said(method) : requests;
    }

    private boolean isListening(Received request) {
        return request.verb().equals("GET")
                && !feeding
                && request.header("Last-event-id").isEmpty();
    }

    private Behaviour said(String method) {
        return method.equals("notifications/initialized") ? turn -> turn.status(202) : taking;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One request and the way to answer it. */
    public record Turn(HttpExchange exchange, Received request) {
        String id() {
            return request.tree().path("id").asString();
        }

        void header(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
        }

        void status(int code) throws IOException {
            exchange.sendResponseHeaders(code, -1);
        }

        void body(String type, byte[] body) throws IOException {
            body(200, type, body);
        }

        void body(int status, String type, byte[] body) throws IOException {
            header("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }

        String response(String result) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id() + ",\"result\":" + result + "}";
        }

        void result(String result) throws IOException {
            body("application/json", response(result).getBytes(UTF_8));
        }

        OutputStream stream() throws IOException {
            header("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            return exchange.getResponseBody();
        }

        /** A stream that will break off before what was announced has come. */
        OutputStream truncated() throws IOException {
            header("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 1_000_000);
            return exchange.getResponseBody();
        }

        void event(OutputStream stream, String message) throws IOException {
            stream.write(("data: " + message + "\n\n").getBytes(UTF_8));
            stream.flush();
        }

        /** A request of the server itself, not waiting for its answer. */
        void ask(OutputStream stream, String id, String method, String params) throws IOException {
            var head = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"" + method;
            event(stream, head + "\",\"params\":" + params + "}");
        }

        void tell(OutputStream stream, String method, String params) throws IOException {
            var head = "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":";
            event(stream, head + params + "}");
        }

        /** Closes the connection in the middle of whatever was going on. */
        void cut() {
            exchange.close();
        }
    }
}
