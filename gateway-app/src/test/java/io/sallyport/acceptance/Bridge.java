package io.sallyport.acceptance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which era the client speaks, and which the server. */
enum Bridge {
    LEGACY_TO_LEGACY(false, false),
    LEGACY_TO_MODERN(false, true),
    MODERN_TO_LEGACY(true, false),
    MODERN_TO_MODERN(true, true);

    private static final String BOTH = "application/json, text/event-stream";
    private static final String EVERYTHING =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"debug\"}}";

    private final boolean modernClient;
    private final boolean modernServer;

    Bridge(boolean modernClient, boolean modernServer) {
        this.modernClient = modernClient;
        this.modernServer = modernServer;
    }

    boolean isModernServer() {
        return modernServer;
    }

    boolean isModernClient() {
        return modernClient;
    }

    /** Before it is registered. */
    void prepare(ScriptedUpstream server) {
        if (modernServer) {
            server.modern();
        }
    }

    /**
     * A client's request that wants to hear everything.
     *
     * @param name of the tool or prompt, or the URI: what goes into {@code Mcp-Name}
     * @param members of params besides {@code _meta}
     * @param meta members of {@code _meta}, with a comma in front
     */
    Ask ask(TenantDesk tenant, String method, String name, String members, String meta) {
        var path = "/mcp/servers/u1";
        if (modernClient) {
            return new ModernClient(tenant.http(), path, tenant.agent())
                    .ask(
                            method,
                            members + ",",
                            meta + ",\"io.modelcontextprotocol/logLevel\":\"debug\"")
                    .with("mcp-name", name);
        }
        var session = McpSession.open(tenant.http(), path, tenant.agent());
        session.post(EVERYTHING).ok();
        var body =
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"%s\",\"params\":{%s,\"_meta\":{%s}}}"
                        .formatted(method, members, meta.isEmpty() ? "" : meta.substring(1));
        return session.ask(body).with("accept", BOTH);
    }

    /** Takes away what the gateway adds to a result, which must be there. */
    void takeOurs(ObjectNode result, String method) {
        var meta = (ObjectNode) result.path("_meta");
        take(meta, "io.sallyport/record");
        if (modernClient) {
            take(result, "resultType");
            take(meta, "io.modelcontextprotocol/serverInfo");
        }
        if (modernClient && method.equals("resources/read")) {
            take(result, "ttlMs");
            take(result, "cacheScope");
        }
    }

    private static void take(ObjectNode object, String member) {
        JsonNode taken = object.remove(member);
        if (taken == null) {
            throw new AssertionError(member + " is missing in " + object);
        }
    }
}
