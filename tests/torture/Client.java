import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Somebody who talks to the gateway with one key; for an admin also in one tenant. */
final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    /** Our codes, and no number of JSON-RPC. */
    private static final Pattern CODE = Pattern.compile("[a-z_]+");

    private final String gateway;
    private final String key;
    private final String tenant;
    private final AtomicInteger ids = new AtomicInteger(1);
    private volatile String session = "";

    Client(String gateway, String key, String tenant) {
        this.gateway = gateway;
        this.key = key;
        this.tenant = tenant;
    }

    /** What came back; status 0 if nothing did. */
    record Reply(int status, String body, HttpResponse<?> response) {
        /** The answer, which a slow one gives as the last event of a stream. */
        JsonNode json() {
            if (body.startsWith("{")) {
                return Json.parse(body);
            }
            var events = body.lines().filter(it -> it.startsWith("data: {")).toList();
            return Json.parse(events.isEmpty() ? "{}" : events.getLast().substring("data: ".length()));
        }

        Reply ok() {
            if (status / 100 != 2) {
                throw new Failure(status + " " + body.substring(0, Math.min(400, body.length())));
            }
            return this;
        }

        /** A tools/call that came to a result which is no error. */
        boolean isCompleted() {
            return status == 200
                    && json().has("result")
                    && !json().at("/result/isError").asBoolean(false);
        }

        /** The id of the record that the gateway acknowledges. */
        String record() {
            return json().at("/result/_meta/io.sallyport~1record").asString("");
        }

        /** The code of a refusal, on every face; empty if there is none. */
        String code() {
            var tree = json();
            return Stream.of("/result/_meta/io.sallyport~1refusal/code", "/error/data/code", "/error/code", "/error/message", "/code")
                    .map(it -> tree.at(it).asString(""))
                    .filter(it -> CODE.matcher(it).matches())
                    .findFirst()
                    .orElse("");
        }
    }

    Reply send(String method, String path, String type, String body) {
        return send(method, path, type, body, PATIENCE);
    }

    /** Whatever goes wrong on the way comes back as status 0. */
    Reply send(String method, String path, String type, String body, Duration patience) {
        try {
            var response = HTTP.send(request(method, path, type, body, patience), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            return new Reply(0, String.valueOf(e), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(0, "interrupted", null);
        }
    }

    private HttpRequest request(String method, String path, String type, String body, Duration patience) {
        var request =
                HttpRequest.newBuilder(URI.create(gateway + path))
                        .timeout(patience)
                        .header("Accept", "application/json, text/event-stream")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!tenant.isEmpty()) {
            request.header("X-Sallyport-Tenant", tenant);
        }
        if (path.startsWith("/mcp") && !session.isEmpty()) {
            request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
        }
        return request.build();
    }

    Reply get(String path) {
        return send("GET", path, "", "");
    }

    Reply post(String path, String json) {
        return send("POST", path, "application/json", json);
    }

    Reply put(String path, String json) {
        return send("PUT", path, "application/json", json);
    }

    /** Begins a session of MCP; on failure the next call tries again. */
    Client greet() {
        var reply =
                post(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                                + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"torture\",\"version\":\"1\"}}}");
        if (reply.status() == 200) {
            session = reply.response().headers().firstValue("mcp-session-id").orElse("");
        }
        return this;
    }

    /** Calls a tool with one text, in a session that is made if there is none. */
    Reply call(String tool, String text) {
        return callWith(tool, "{\"text\":\"" + text + "\"}");
    }

    Reply callWith(String tool, String arguments) {
        return callWith(tool, arguments, PATIENCE);
    }

    Reply callWith(String tool, String arguments, Duration patience) {
        if (session.isEmpty()) {
            greet();
        }
        var reply =
                send(
                        "POST",
                        "/mcp",
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
                                .formatted(ids.incrementAndGet(), tool, arguments),
                        patience);
        if (reply.status() == 404) {
            session = ""; // sessions do not outlive the gateway
        }
        return reply;
    }

    static String completion(String model, boolean stream) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}"
                .formatted(model, stream);
    }

    Reply chat(String model, boolean stream) {
        return post("/v1/chat/completions", completion(model, stream));
    }

    /** The path and port, for those who speak to the socket themselves. */
    URI gateway() {
        return URI.create(gateway);
    }

    String key() {
        return key;
    }
}
