package io.sallyport.cli;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Talks to the gateway as anybody would: over HTTP, with a key. */
final class DemoClient implements AutoCloseable {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI gateway;
    private final String key;

    DemoClient(URI gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** An answer with what the demo needs of it. */
    record Answer(int status, String body, Optional<String> etag, Optional<String> session) {
        JsonNode json() {
            try {
                return StrictJson.read(body);
            } catch (MalformedJson e) {
                throw new StartFailure("the gateway answered something that is not JSON", e);
            }
        }
    }

    Answer get(String path) throws InterruptedException {
        return send(request(path).GET(), List.of());
    }

    Answer post(String path, JsonNode body, String... headers) throws InterruptedException {
        return send(request(path).POST(publisher(body)), List.of(headers));
    }

    Answer put(String path, JsonNode body) throws InterruptedException {
        return send(request(path).PUT(publisher(body)), List.of());
    }

    Answer putYaml(String path, String yaml) throws InterruptedException {
        return send(
                request(path).PUT(HttpRequest.BodyPublishers.ofString(yaml)),
                List.of("Content-Type", "application/yaml"));
    }

    private static HttpRequest.BodyPublisher publisher(JsonNode body) {
        return HttpRequest.BodyPublishers.ofByteArray(JsonText.write(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    private Answer send(HttpRequest.Builder request, List<String> headers)
            throws InterruptedException {
        var all = new ArrayList<>(headers);
        if (!all.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        request.headers(all.toArray(String[]::new));
        try {
            var response =
                    http.send(
                            request.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("etag"),
                    response.headers().firstValue("mcp-session-id"));
        } catch (IOException e) {
            throw new StartFailure("the gateway does not answer", e);
        }
    }

    static ObjectNode object() {
        return JSON.objectNode();
    }

    @Override
    public void close() {
        http.close();
    }
}
