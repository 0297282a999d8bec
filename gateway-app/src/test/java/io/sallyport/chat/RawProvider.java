package io.sallyport.chat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A provider that answers exactly what a test says, byte by byte. */
final class RawProvider implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

    /** What becomes of one request. */
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private RawProvider(Behaviour behaviour) throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.setExecutor(threads);
        http.createContext("/v1/chat/completions", exchange -> handle(exchange, behaviour));
        http.start();
    }

    static RawProvider behaving(Behaviour behaviour) throws IOException {
        return new RawProvider(behaviour);
    }

    static RawProvider answering(int status, String type, String body) throws IOException {
        return behaving(exchange -> send(exchange, status, type, body));
    }

    static RawProvider answeringJson(String body) throws IOException {
        return answering(200, "application/json", body);
    }

    static RawProvider streaming(String body) throws IOException {
        return answering(200, "text/event-stream", body);
    }

    private void handle(HttpExchange exchange, Behaviour behaviour) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            bodies.add(new String(body, StandardCharsets.UTF_8));
            behaviour.answer(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.getResponseHeaders().set("retry-after", "7");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
    }

    /** The bodies received and not yet asked for. */
    int requests() {
        return bodies.size();
    }

    String nextRequest() throws InterruptedException {
        return bodies.take();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
