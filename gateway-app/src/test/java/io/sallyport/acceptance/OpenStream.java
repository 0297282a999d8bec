package io.sallyport.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** An answer whose events are read as they come. */
final class OpenStream implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private OpenStream(HttpResponse<InputStream> response) {
        this.response = response;
        reader = Thread.ofVirtual().start(this::read);
    }

    static OpenStream of(HttpResponse<InputStream> response) {
        return new OpenStream(response);
    }

    private void read() {
        try (var text =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            text.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException _) {
            // closed by the test, or cut off by the gateway
        }
    }

    int status() {
        return response.statusCode();
    }

    /** Every line so far, comments and all. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** The messages so far. */
    List<JsonNode> messages() {
        return lines().stream()
                .filter(it -> it.startsWith("data: "))
                .map(it -> Reply.parse(it.substring("data: ".length())))
                .toList();
    }

    List<String> methods() {
        return messages().stream().map(it -> it.path("method").asString("")).toList();
    }

    boolean isOver() {
        return !reader.isAlive();
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
