package io.sallyport.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Whoever is at the other end, a server or a provider: answers every request in one way. */
final class AnyPeer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Behaviour> behaviour =
            new AtomicReference<>(answering(404, "text/plain", ""));
    private final AtomicInteger asked = new AtomicInteger();

    AnyPeer() {
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.incrementAndGet();
        var id = body.startsWith("{") ? Reply.parse(body).path("id") : Reply.parse("null");
        behaviour.get().answer(exchange, id);
    }

    void behave(Behaviour next) {
        behaviour.set(next);
    }

    /** How many requests reached it. */
    int asked() {
        return asked.get();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** A whole answer; {@code @ID} in it stands for the id of the request. */
    static Behaviour answering(int status, String type, String body) {
        return (exchange, id) -> {
            var bytes = body.replace("@ID", id.toString()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    /** The same with a header more. */
    static Behaviour answering(int status, String type, String body, String name, String value) {
        return (exchange, id) -> {
            exchange.getResponseHeaders().set(name, value);
            answering(status, type, body).answer(exchange, id);
        };
    }

    /** Says half of it and breaks off. */
    static Behaviour breakingOff(String body) {
        return (exchange, _) -> {
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length() * 2L);
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
