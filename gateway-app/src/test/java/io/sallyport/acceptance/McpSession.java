package io.sallyport.acceptance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A hand-written MCP client in one session. */
final class McpSession {
    private static final String GREETING =
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",
             "capabilities":{},"clientInfo":{"name":"acceptance","version":"1"}}}\
            """;

    private final Http http;
    private final String path;
    private final String key;
    private final String session;

    /** Of its calls; the first one is 2. */
    private final AtomicInteger ids = new AtomicInteger(1);

    private McpSession(Http http, String path, String key, String session) {
        this.http = http;
        this.path = path;
        this.key = key;
        this.session = session;
    }

    static McpSession open(Http http, String key) {
        return open(http, "/mcp", key);
    }

    static McpSession open(Http http, String path, String key) {
        return open(http, path, key, "{}");
    }

    /**
     * @param capabilities a ClientCapabilities object
     */
    static McpSession open(Http http, String path, String key, String capabilities) {
        var body = GREETING.replace("\"capabilities\":{}", "\"capabilities\":" + capabilities);
        var greeting = http.send(Ask.post(path, body).bearer(key)).ok();
        return new McpSession(http, path, key, greeting.header("mcp-session-id"));
    }

    /** Posts a body as it is. */
    Reply post(String body) {
        return http.send(ask(body));
    }

    /** A request of this session that reads no stream. */
    Ask ask(String body) {
        return Ask.post(path, body).bearer(key).with("mcp-session-id", session);
    }

    /** The session's own stream. */
    Ask listen() {
        return Ask.get(path)
                .bearer(key)
                .with("mcp-session-id", session)
                .with("accept", "text/event-stream");
    }

    /** What ends this session. */
    Ask end() {
        return Ask.of("DELETE", path).bearer(key).with("mcp-session-id", session);
    }

    String id() {
        return session;
    }

    List<String> toolNames() {
        return tools().stream().map(it -> it.path("name").asString()).toList();
    }

    List<JsonNode> tools() {
        var list = post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}").ok().json();
        return List.copyOf(list.path("result").path("tools").values());
    }

    Reply call(String tool, String arguments) {
        return post(
                """
                {"jsonrpc":"2.0","id":%d,"method":"tools/call",
                 "params":{"name":"%s","arguments":%s}}\
                """
                        .formatted(ids.incrementAndGet(), tool, arguments));
    }

    /** Calls, and returns the result; an error is a failure of the test. */
    JsonNode result(String tool, String arguments) {
        var reply = call(tool, arguments);
        if (reply.status() != 200 || !reply.json().has("result")) {
            throw new AssertionError(reply.status() + " " + reply.body());
        }
        return reply.json().path("result");
    }

    /** The code of a refusal that comes as a result with {@code isError}. */
    String refusal(String tool, String arguments) {
        var result = result(tool, arguments);
        return result.path("isError").asBoolean(false)
                ? result.at("/_meta/io.sallyport~1refusal").path("code").asString("")
                : "";
    }
}
