package io.sallyport.acceptance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A hand-written client of the 2026 revision: no session, everything in each request. */
final class ModernClient {
    static final String VERSION = "2026-07-28";

    private final AtomicInteger ids = new AtomicInteger();
    private final Http http;
    private final String path;
    private final String key;
    private final String capabilities;

    ModernClient(Http http, String path, String key) {
        this(http, path, key, "{}");
    }

    /**
     * @param capabilities a ClientCapabilities object
     */
    ModernClient(Http http, String path, String key, String capabilities) {
        this.http = http;
        this.path = path;
        this.key = key;
        this.capabilities = capabilities;
    }

    /**
     * A well-formed request.
     *
     * @param members of params besides {@code _meta}, with a comma at the end, or empty
     */
    Ask ask(String method, String members) {
        return ask(method, members, "");
    }

    /**
     * @param meta further members of {@code _meta}, with a comma in front, or empty
     */
    Ask ask(String method, String members, String meta) {
        return raw("""
        {"jsonrpc":"2.0","id":%d,"method":"%s","params":{%s"_meta":{
         "io.modelcontextprotocol/protocolVersion":"%s",
         "io.modelcontextprotocol/clientCapabilities":%s%s}}}\
        """
                        .formatted(
                                ids.incrementAndGet(),
                                method,
                                members,
                                VERSION,
                                capabilities,
                                meta))
                .with("mcp-protocol-version", VERSION)
                .with("mcp-method", method);
    }

    Ask raw(String body) {
        return Ask.post(path, body)
                .bearer(key)
                .with("accept", "application/json, text/event-stream");
    }

    Ask askCall(String tool, String arguments) {
        return ask("tools/call", "\"name\":\"%s\",\"arguments\":%s,".formatted(tool, arguments))
                .with("mcp-name", tool);
    }

    Reply send(Ask ask) {
        return http.send(ask);
    }

    Reply call(String tool, String arguments) {
        return send(askCall(tool, arguments));
    }

    /** The result of a method; an error is a failure of the test. */
    JsonNode result(String method, String members) {
        return send(ask(method, members)).ok().json().path("result");
    }

    List<String> toolNames() {
        return result("tools/list", "")
                .path("tools")
                .valueStream()
                .map(it -> it.path("name").asString())
                .toList();
    }
}
