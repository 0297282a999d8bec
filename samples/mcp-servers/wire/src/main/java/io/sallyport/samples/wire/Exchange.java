package io.sallyport.samples.wire;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One HTTP request and its answer, which is given once: empty, as JSON, or as a stream. */
public final class Exchange {

    /** Requests of tests are small; what is longer is cut off, and then no longer JSON. */
    private static final int MAX_BODY = 4 * 1024 * 1024;

    private final HttpExchange http;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    public String method() {
        return http.getRequestMethod();
    }

    public String path() {
        return http.getRequestURI().getPath();
    }

    /**
     * The value of header {@code name} without the spaces around it; the first if there are more.
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(http.getRequestHeaders().getFirst(name)).map(String::strip);
    }

    /** The whole body. To be called once. */
    public byte[] body() throws IOException {
        return http.getRequestBody().readNBytes(MAX_BODY);
    }

    /** Adds a header to the answer. */
    public Exchange with(String name, String value) {
        http.getResponseHeaders().add(name, value);
        return this;
    }

    public void answer(int status) throws IOException {
        http.sendResponseHeaders(status, -1);
    }

    public void answer(int status, JsonNode body) throws IOException {
        with("Content-Type", "application/json");
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
    }

    /** Begins a stream of events; the client sees its headers at once. */
    public EventStream stream() throws IOException {
        with("Cache-Control", "no-cache").with("X-Accel-Buffering", "no");
        return new EventStream(open("text/event-stream"));
    }

    /** Begins an answer of unknown length whose bytes the caller writes. */
    public OutputStream open(String mediaType) throws IOException {
        with("Content-Type", mediaType);
        http.sendResponseHeaders(200, 0);
        var bytes = http.getResponseBody();
        bytes.flush();
        return bytes;
    }
}
