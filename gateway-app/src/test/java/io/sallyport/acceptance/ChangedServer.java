package io.sallyport.acceptance;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of servers that are changed share. */
@ExtendWith(GatewayExtension.class)
abstract class ChangedServer {
    static final String FIRST = "f1rst-secret-of-the-server";
    static final String SECOND = "s3cond-secret-of-the-server";

    final TenantDesk tenant;
    final TenantDesk foreign;
    final ScriptedUpstream here = ScriptedUpstream.listing("echo", "ask");
    final ScriptedUpstream there = ScriptedUpstream.listing("echo", "ask");
    McpSession mcp;

    ChangedServer(RunningGateway gateway) {
        tenant = gateway.newTenant("moves");
        foreign = gateway.newTenant("moves-not");
    }

    @BeforeEach
    void serve() {
        var body =
                """
                {"slug":"u1","url":"%s","credential":{"type":"bearer","secret":"%s"},
                 "egress":{"allow":["127.0.0.1/32:%d","127.0.0.1/32:%d"]}}\
                """
                        .formatted(
                                here.endpoint(),
                                FIRST,
                                here.endpoint().getPort(),
                                there.endpoint().getPort());
        var registered = tenant.admin(Ask.post("/admin/v1/servers", body)).ok();
        approveAll(registered);
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["u1/echo"]}
                  - {id: people, effect: require_approval, tools: ["u1/ask"]}
                """);
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    void approveAll(Reply server) {
        var approval =
                Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}")
                        .with("if-match", server.header("etag"));
        tenant.admin(approval).ok();
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    Ask patch(String body) {
        return Ask.of("PATCH", "/admin/v1/servers/u1").json(body);
    }

    Reply change(String body) {
        return tenant.admin(patch(body));
    }

    static String url(URI url) {
        return "\"url\":\"" + url + "\"";
    }

    static String bearer(String secret) {
        return "\"credential\":{\"type\":\"bearer\",\"secret\":\"" + secret + "\"}";
    }

    Reply server() {
        return tenant.admin(Ask.get("/admin/v1/servers/u1")).ok();
    }

    static List<String> statuses(Reply server) {
        return server.json()
                .path("tools")
                .valueStream()
                .map(it -> it.path("status").asString())
                .toList();
    }

    static List<String> digests(Reply server) {
        return server.json()
                .path("tools")
                .valueStream()
                .map(it -> it.path("digest").asString())
                .toList();
    }

    static Stream<String> shown(ScriptedUpstream upstream, String header) {
        return upstream.headers().stream()
                .flatMap(it -> it.entrySet().stream())
                .filter(it -> it.getKey().equalsIgnoreCase(header))
                .map(Map.Entry::getValue)
                .flatMap(List::stream);
    }

    static Stream<String> secrets(ScriptedUpstream upstream) {
        return upstream.headers().stream()
                .map(Map::toString)
                .filter(it -> it.contains(FIRST) || it.contains(SECOND));
    }

    String pending() {
        var result = mcp.result("u1__ask", "{}");
        return result.at("/_meta/io.sallyport~1refusal/approvalId").asString();
    }

    String state(String approval) {
        return tenant.admin(Ask.get("/admin/v1/approvals/" + approval))
                .ok()
                .json()
                .path("state")
                .asString();
    }

    /** The headers of what was asked after the first so many requests; no ends of sessions. */
    static List<Map<String, List<String>>> askedAfter(ScriptedUpstream upstream, int known) {
        var headers = upstream.headers();
        return headers.subList(known, headers.size()).stream()
                .filter(it -> it.keySet().stream().anyMatch("content-type"::equalsIgnoreCase))
                .toList();
    }
}
