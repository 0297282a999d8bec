package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider that never comes to an end: it calls the tool that it is told to, or begins to speak
 * if it is asked for a stream, and then holds the answer open for as long as somebody listens.
 */
final class HeldModel implements AutoCloseable {
    private static final String CALL =
            """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1",\
            "type":"function","function":{"name":"%s","arguments":"{}"}}]},\
            "finish_reason":"tool_calls"}]}\
            """;
    private static final String WORD =
            """
            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",\
            "choices":[{"index":0,"delta":{"role":"assistant","content":"word "},\
            "finish_reason":null}]}

            """;
    private static final byte[] LIFE = ": still here\n\n".getBytes(UTF_8);

    private final HttpServer http;
    private final String tool;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    private HeldModel(String tool) {
        this.tool = tool;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/v1/chat/completions", this::answer);
        http.start();
    }

    static HeldModel silent() {
        return new HeldModel("");
    }

    /** Calls the tool in its first round; only requests that are no streams get so far. */
    static HeldModel calling(String tool) {
        return new HeldModel(tool);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
    }

    /** How often it was asked, and so how many rounds there were. */
    int asked() {
        return asked.get();
    }

    /** Answers that it still writes; that nobody listens any more it learns by writing. */
    int open() {
        return open.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        open.incrementAndGet();
        asked.incrementAndGet();
        try (exchange) {
            if (!tool.isEmpty() && !body.contains("tool_call_id")) {
                var call = CALL.formatted(tool).getBytes(UTF_8);
                exchange.getResponseHeaders().set("content-type", "application/json");
                exchange.sendResponseHeaders(200, call.length);
                exchange.getResponseBody().write(call);
            } else if (body.contains("\"stream\":true")) {
                speak(exchange);
            } else {
                end.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    private void speak(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(WORD.getBytes(UTF_8));
        exchange.getResponseBody().flush();
        while (!end.await(50, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(LIFE);
            exchange.getResponseBody().flush();
        }
    }

    @Override
    public void close() {
        end.countDown();
        http.stop(0);
    }
}
