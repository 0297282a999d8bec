package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.JsonText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server gets what was decided on, and nothing else of what its client sent. */
@ExtendWith(GatewayExtension.class)
class ArgumentFidelityTest {
    private static final String TOOL =
            """
            {"name":"echo","inputSchema":{"type":"object","properties":{"a":{"default":{"y":1}},
             "b":{"type":"number","default":7},"c":{"type":"string"},"d":{}}}}\
            """;

    private static final String WRITTEN =
            """
            { "d" : null, "c":"\\u00e9\\ud83d\\ude00\\/\\u001f", "b":1.10,
              "a":{"z":12345678901234567890.12345,"y":[1E400,-0,1234567890123456789012345, {}],"\\u0041":[]}}\
            """;

    private static final String OTHERWISE =
            """
            {"a":{"A":[],"y":[1E400,-0,1234567890123456789012345,{}],"z":12345678901234567890.12345},"b":1.10,"c":"é😀/\\u001F","d":null}\
            """;

    private static final String CANONICAL =
            "{\"arguments\":" + OTHERWISE.replace("\\u001F", "\\u001f") + ",\"name\":\"echo\"}";

    private static final String META =
            """
            ,"progressToken":"clients-token","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
             "tracestate":"clients=state","baggage":"clients=baggage","clients.example/key":{"clients":1},"clientsKey":"x"\
            """;

    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing()
                    .tools(TOOL)
                    .resources("{\"uri\":\"docs://page\",\"name\":\"Page\"}")
                    .prompts("{\"name\":\"sum\",\"arguments\":[{\"name\":\"text\"}]}");
    private final TenantDesk tenant;

    ArgumentFidelityTest(RunningGateway gateway) {
        tenant = gateway.newTenant("arguments");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private void serve(Bridge bridge) {
        bridge.prepare(upstream);
        var etag = tenant.register("u1", upstream.endpoint()).ok().header("etag");
        var everything =
                Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}");
        tenant.admin(everything.with("If-Match", etag)).ok();
        rule("allow");
    }

    private void rule(String effect) {
        tenant.policy(
                """
                rules:
                  - {id: tools, effect: %s, tools: ["u1/*"]}
                  - {id: resources, effect: allow, resources: ["u1/docs://*"]}
                  - {id: prompts, effect: allow, prompts: ["u1/*"]}
                """
                        .formatted(effect));
    }

    private Ask ask(Bridge bridge, String arguments, String meta) {
        return bridge.ask(
                tenant, "tools/call", "echo", "\"name\":\"echo\",\"arguments\":" + arguments, meta);
    }

    /** The params of the last call as they came, without {@code _meta}, which is in front. */
    private String received() {
        var body = upstream.calls().getLast();
        var start = body.indexOf("\"params\":") + "\"params\":".length();
        var params = body.substring(start, body.length() - 1);
        var meta = Reply.parse(params).path("_meta");
        return meta.isMissingNode()
                ? params
                : params.replace("{\"_meta\":" + JsonText.text(meta) + ",", "{");
    }

    @ParameterizedTest
    @EnumSource
    void argumentsArriveInTheirCanonicalForm(Bridge bridge) {
        serve(bridge);

        tenant.http().send(ask(bridge, WRITTEN, "")).ok();
        assertThat(received()).isEqualTo(CANONICAL);
        tenant.http().send(ask(bridge, OTHERWISE, META)).ok();
        assertThat(received()).isEqualTo(CANONICAL);
        assertThat(upstream.calls()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasApprovedIsWhatArrives(Bridge bridge) {
        serve(bridge);
        rule("require_approval");

        var pending = tenant.http().send(ask(bridge, WRITTEN, "")).ok().json();
        var id = pending.at("/result/_meta/io.sallyport~1refusal/approvalId").asString();
        var approval = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json();
        var verdict = "{\"decision\":\"approve\",\"reason\":\"test\"}";
        tenant.admin(Ask.post("/admin/v1/approvals/" + id + "/decision", verdict)).ok();

        tenant.http().send(ask(bridge, WRITTEN.replace("1.10", "1.1"), "")).ok();
        assertThat(upstream.calls()).isEmpty();
        tenant.http().send(ask(bridge, OTHERWISE, "")).ok();
        assertThat(received()).isEqualTo(CANONICAL);
        assertThat(approval.path("params").asString()).isEqualTo(CANONICAL);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAbsentStaysAbsent(Bridge bridge) {
        serve(bridge);

        tenant.http().send(ask(bridge, "{}", "")).ok();
        assertThat(received()).isEqualTo("{\"arguments\":{},\"name\":\"echo\"}");
        get(bridge, ",\"arguments\":{}");
        assertThat(received()).isEqualTo("{\"arguments\":{},\"name\":\"sum\"}");
        get(bridge, "");
        assertThat(received()).isEqualTo("{\"name\":\"sum\"}");
    }

    private void get(Bridge bridge, String more) {
        var members = "\"name\":\"sum\"" + more;
        tenant.http().send(bridge.ask(tenant, "prompts/get", "sum", members, "")).ok();
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatTheGatewayWroteIsInTheMetaOfARequest(Bridge bridge) {
        serve(bridge);
        var members = "\"novel\":\"clients\",\"task\":{\"ttl\":1}";

        tenant.http().send(ask(bridge, "{}," + members, META)).ok();
        assertMeta(bridge);
        read(bridge, members);
        assertMeta(bridge);
        tenant.http().send(ask(bridge, "{}", "")).ok();
        assertThat(Reply.parse(upstream.calls().getLast()).at("/params/_meta").propertyNames())
                .doesNotContain("progressToken");
    }

    private void read(Bridge bridge, String members) {
        var uri = "\"uri\":\"docs://page\"," + members;
        tenant.http().send(bridge.ask(tenant, "resources/read", "docs://page", uri, META)).ok();
    }

    private void assertMeta(Bridge bridge) {
        var params = Reply.parse(upstream.calls().getLast()).path("params");
        assertThat(upstream.calls().getLast()).doesNotContain("clients", "0af7651916cd43dd");
        assertThat(params.propertyNames()).isSubsetOf("_meta", "name", "arguments", "uri");
        assertThat(params.at("/_meta/progressToken").isIntegralNumber()).isTrue();
        var names = Set.of("protocolVersion", "clientInfo", "clientCapabilities", "logLevel");
        var expected = new TreeSet<>(Set.of("progressToken"));
        if (bridge.isModernServer()) {
            names.forEach(it -> expected.add("io.modelcontextprotocol/" + it));
        }
        assertThat(new TreeSet<>(params.path("_meta").propertyNames())).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("AT-16 no header of a client's request reaches a server")
    void headers(Bridge bridge) {
        serve(bridge);
        var ask =
                ask(bridge, "{}", META)
                        .with("cookie", "clients=1")
                        .with("x-anything", "clients")
                        .with("x-forwarded-for", "203.0.113.7")
                        .with("forwarded", "for=203.0.113.7")
                        .with("baggage", "clients=1")
                        .with(
                                "traceparent",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                        .with("user-agent", "clients")
                        .with("accept-language", "clients")
                        .with("mcp-param-clients", "clients");

        tenant.http().send(ask).ok();
        assertThat(upstream.headers().toString())
                .doesNotContain("clients", "203.0.113.7", "0af7651916cd43dd", "sp_");
        assertThat(names()).isSubsetOf(allowed());
    }

    private Set<String> names() {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        upstream.headers().forEach(it -> names.addAll(it.keySet()));
        return names;
    }

    private static Set<String> allowed() {
        return Set.of(
                "Accept",
                "Content-length",
                "Content-type",
                "Host",
                "Mcp-method",
                "Mcp-name",
                "Mcp-protocol-version",
                "User-agent");
    }

    @Test
    void theServersOwnNamesForThingsAreKeptInTheRequestAndItsHeaders() {
        serve(Bridge.LEGACY_TO_MODERN);
        tenant.http().send(ask(Bridge.LEGACY_TO_MODERN, "{}", "")).ok();

        assertThat(upstream.headers().getLast())
                .containsEntry("Mcp-name", List.of("echo"))
                .containsEntry("Mcp-method", List.of("tools/call"));
    }
}
