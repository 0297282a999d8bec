package io.sallyport.acceptance;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One tenant, and what its admins do in the tests. */
final class TenantDesk {
    private static final int PAGES = 20;

    private final Http http;
    private final String platformKey;
    private final String tenant;

    private TenantDesk(Http http, String platformKey, String tenant) {
        this.http = http;
        this.platformKey = platformKey;
        this.tenant = tenant;
    }

    static TenantDesk create(Http http, String platformKey, String tenant) {
        http.send(Ask.post("/admin/v1/tenants", "{\"id\":\"" + tenant + "\"}").bearer(platformKey))
                .ok();
        return existing(http, platformKey, tenant);
    }

    static TenantDesk existing(Http http, String platformKey, String tenant) {
        return new TenantDesk(http, platformKey, tenant);
    }

    String id() {
        return tenant;
    }

    Http http() {
        return http;
    }

    /** Sends as the platform's admin at work in this tenant. */
    Reply admin(Ask ask) {
        return http.send(ask.bearer(platformKey).with("X-Sallyport-Tenant", tenant));
    }

    /** A new key of this tenant: its text. */
    String key(String owner, String kind) {
        return newKey("{\"owner\":\"%s\",\"kind\":\"%s\"}".formatted(owner, kind))
                .path("key")
                .asString();
    }

    JsonNode newKey(String body) {
        return admin(Ask.post("/admin/v1/keys", body)).ok().json();
    }

    String agent() {
        return key("user:ada", "agent");
    }

    Reply register(String slug, URI endpoint) {
        return admin(
                Ask.post(
                        "/admin/v1/servers",
                        """
                        {"slug":"%s","url":"%s","egress":{"allow":["127.0.0.1/32:%d"]}}\
                        """
                                .formatted(slug, endpoint, endpoint.getPort())));
    }

    /** Registers a server and approves every tool of it as one that reads. */
    void serve(String slug, URI endpoint) {
        serve(slug, endpoint, Map.of());
    }

    /**
     * @param risks by tool name; what is not in it is read-only
     */
    void serve(String slug, URI endpoint, Map<String, String> risks) {
        var tools = register(slug, endpoint).ok().json().path("tools");
        var approvals =
                tools.valueStream()
                        .map(it -> approval(it, risks))
                        .collect(Collectors.joining(",", "{\"tools\":[", "]}"));
        admin(Ask.post("/admin/v1/servers/" + slug + "/approve", approvals)).ok();
    }

    /** Waits a second for each call of this server, and no longer. */
    void hurry(String slug) {
        var second = Ask.of("PATCH", "/admin/v1/servers/" + slug);
        admin(second.json("{\"call_timeout_seconds\":1}")).ok();
    }

    private static String approval(JsonNode tool, Map<String, String> risks) {
        var name = tool.path("name").asString();
        return "{\"name\":\"%s\",\"digest\":\"%s\",\"risk\":\"%s\"}"
                .formatted(name, tool.path("digest").asString(), risks.getOrDefault(name, "read"));
    }

    /** Publishes a policy in YAML. */
    void policy(String yaml) {
        admin(Ask.put("/admin/v1/policies/current", yaml).with("content-type", "application/yaml"))
                .ok();
    }

    void allow(String... tools) {
        policy(
                """
                rules:
                  - id: allowed
                    effect: allow
                    tools: [%s]
                """
                        .formatted(quoted(tools)));
    }

    void toolset(String name, String... tools) {
        admin(Ask.put("/admin/v1/toolsets/" + name, "{\"tools\":[" + quoted(tools) + "]}")).ok();
    }

    private static String quoted(String... words) {
        return List.of(words).stream()
                .map(it -> "\"" + it + "\"")
                .collect(Collectors.joining(", "));
    }

    /**
     * A model alias at a scripted model.
     *
     * @param more further members, such as {@code ,"toolset":"all"}
     */
    void model(String alias, URI provider, String providersName, String more) {
        var body =
                """
                {"targets":[{"provider":"openai","base_url":"%s","model":"%s","api_key":"provider-key",
                 "egress":{"allow":["127.0.0.1/32:%d"]}}]%s}\
                """
                        .formatted(provider, providersName, provider.getPort(), more);
        admin(Ask.put("/admin/v1/models/" + alias, body)).ok();
    }

    /**
     * The tenant's log, newest first, all pages.
     *
     * @param filters a query such as {@code kind=call.denied}, or empty
     */
    List<JsonNode> audit(String filters) {
        var items = new ArrayList<JsonNode>();
        var cursor = "";
        for (int page = 0; page < PAGES; page++) {
            var path = "/admin/v1/audit?" + filters + cursor;
            var list = admin(Ask.get(path)).ok().json();
            list.path("items").forEach(items::add);
            if (!list.has("next_cursor")) {
                return items;
            }
            cursor = "&cursor=" + list.path("next_cursor").asString();
        }
        throw new AssertionError("the log of " + tenant + " is too long for this test");
    }
}
