package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The files of other clients, as an admin brings them along. */
@ExtendWith(GatewayExtension.class)
class ServersImportTest {
    private static final String SECRET = "s3cret-of-a-file";

    private final TenantDesk tenant;

    ServersImportTest(RunningGateway gateway) {
        tenant = gateway.newTenant("import");
    }

    private Reply imported(String query, String body) {
        return tenant.admin(Ask.post("/admin/v1/servers/import" + query, body));
    }

    private static String egress(ScriptedUpstream upstream) {
        return "egress=127.0.0.1/32:" + upstream.endpoint().getPort();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    /** Claude's, Cursor's, another editor's, VS Code's in both places, a registry's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'mcpServers':{'My Notes':{'url':'URL','type':'http'}}}",
                "{'mcpServers':{'My_Notes':{'serverUrl':'URL','disabled':false}}}",
                "{'mcpServers':{'my-notes':{'httpUrl':'URL','timeout':5}}}",
                "{'servers':{'MY NOTES':{'type':'http','url':'URL'}},'inputs':[]}",
                "{'mcp':{'servers':{'My notes!':{'url':'URL','gallery':true}}}}",
                "{'name':'io.github.ada/my-notes','description':'d','version':'1','remotes':"
                        + "[{'type':'sse','url':'no'},{'type':'streamable-http','url':'URL'}]}",
                "{'server':{'name':'x/my-notes','version':'1','remotes':"
                        + "[{'type':'streamable-http','url':'URL'}]}}"
            })
    void whatIsAtAUrlIsRegistered(String file) {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            var body = file.replace('\'', '"').replace("URL", upstream.endpoint().toString());

            var item = imported("?" + egress(upstream), body).ok().json().at("/items/0");

            assertThat(item.path("status").asString()).as(item.toString()).isEqualTo("registered");
            assertThat(item.path("slug").asString()).isEqualTo("my-notes");
            assertThat(item.path("tools").asInt()).isEqualTo(1);
            var server = tenant.admin(Ask.get("/admin/v1/servers/my-notes")).ok().json();
            assertThat(server.path("status").asString()).isEqualTo("pending");
            assertThat(server.at("/tools/0/status").asString()).isEqualTo("pending_review");
        }
    }

    @Test
    void eachEntryHasItsOwnAnswerAndNothingIsHalfRegistered() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            var file =
                    """
                    {"mcpServers":{
                      "good":{"url":"%1$s","description":"Notes of a team","env":{"A":"%2$s"}},
                      "program":{"command":"npx","args":["-y","x"],"env":{"TOKEN":"%2$s"}},
                      "GOOD":{"url":"%1$s"},
                      "inside":{"url":"http://169.254.169.254/mcp"},
                      "!!!":{"url":"%1$s"},
                      "profile":{"profile":"standard"},
                      "both":{},
                      "none":null,
                      "odd":{"url":7}}}\
                    """
                            .formatted(upstream.endpoint(), SECRET);

            var reply = imported("?" + egress(upstream), file).ok();

            assertThat(reply.body()).doesNotContain(SECRET);
            var items = reply.json().path("items");
            assertThat(items.valueStream().map(ServersImportTest::outcome))
                    .containsExactly(
                            "good registered",
                            "program stdio_disabled",
                            "GOOD already_exists",
                            "inside egress_denied",
                            "!!! invalid_request",
                            "profile stdio_disabled",
                            "both invalid_request",
                            "none invalid_request",
                            "odd invalid_request");
            assertThat(texts(items.path(0).path("ignored"))).containsExactly("env");
            assertThat(items.path(0).path("description").asString()).isEqualTo("Notes of a team");
            assertThat(texts(items.path(1).path("ignored"))).contains("command", "args", "env");
            var servers = tenant.admin(Ask.get("/admin/v1/servers")).ok().json().path("items");
            assertThat(servers.valueStream().map(it -> it.path("slug").asString()))
                    .containsExactly("good");
        }
    }

    @Test
    void eachRefusedEntryIsOnRecord() {
        imported("", "{\"mcpServers\":{\"program\":{\"command\":\"npx\"},\"both\":{}}}").ok();

        await().untilAsserted(() ->
                assertThat(rejections())
                        .containsExactlyInAnyOrder("stdio_disabled", "invalid_request"));
    }

    private List<String> rejections() {
        return tenant.audit("kind=request.rejected").stream()
                .map(it -> it.path("reason").asString())
                .toList();
    }

    private static String outcome(JsonNode item) {
        return item.path("name").asString()
                + " "
                + item.path("code").asString(item.path("status").asString());
    }

    /** A file that somebody passed on has no say in what is sent, unless the admin asks for it. */
    @Test
    void aSecretOfTheFileIsIgnoredUnlessItIsAskedFor() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            var file =
                    """
                    {"mcpServers":{"SLUG":{"url":"%s","headers":\
                    {"X-Other":"%s","Authorization":"Bearer %s"}}}}\
                    """
                            .formatted(upstream.endpoint(), SECRET, SECRET);

            var plain = imported("?" + egress(upstream), file.replace("SLUG", "plain")).ok();
            var taken =
                    imported(
                                    "?credentials=headers&" + egress(upstream),
                                    file.replace("SLUG", "taken"))
                            .ok();

            assertThat(texts(plain.json().at("/items/0/ignored"))).containsExactly("headers");
            assertThat(server("plain").has("credential")).isFalse();
            assertThat(texts(taken.json().at("/items/0/ignored")))
                    .containsExactly("headers/X-Other");
            assertThat(server("taken").at("/credential/set").asBoolean()).isTrue();
            assertThat(plain.body() + taken.body() + server("taken")).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ${input:token}", "{{TOKEN}}", "Bearer ${env:TOKEN}"})
    void aPlaceholderIsNoSecret(String value) {
        var file =
                "{\"mcpServers\":{\"a\":{\"url\":\"https://mcp.example/\",\"headers\":{\"X-Key\":\"%s\"}}}}";

        var reply = imported("?credentials=headers", file.formatted(value)).ok();

        assertThat(outcome(reply.json().at("/items/0"))).isEqualTo("a invalid_request");
    }

    private JsonNode server(String slug) {
        return tenant.admin(Ask.get("/admin/v1/servers/" + slug)).ok().json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"mcpServers\":[]}", "{\"servers\":7}", "{", "null"})
    void whatIsNoSuchFileIsRefusedWhole(String body) {
        assertThat(imported("", body).status()).isEqualTo(400);
    }

    @Test
    void aFileOfTooManyIsRefusedWhole() {
        var servers =
                IntStream.rangeClosed(0, 50)
                        .mapToObj("\"s%d\":{}"::formatted)
                        .collect(Collectors.joining(",", "{\"servers\":{", "}}"));

        assertThat(imported("", servers).status()).isEqualTo(400);
    }

    /** The exception is the platform's to give, as for any registration. */
    @Test
    void aTenantsAdminImportsUnderTheRulesOfRegistration() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            var file = "{\"servers\":{\"a\":{\"url\":\"%s\"}}}".formatted(upstream.endpoint());
            var boss = tenant.key("user:boss", "admin");

            var denied = tenant.http().send(post("", file).bearer(boss)).ok();
            var forbidden =
                    tenant.http().send(post("?" + egress(upstream), file).bearer(boss)).ok();

            assertThat(outcome(denied.json().at("/items/0"))).isEqualTo("a egress_denied");
            assertThat(outcome(forbidden.json().at("/items/0"))).isEqualTo("a forbidden");
        }
    }

    private static Ask post(String query, String body) {
        return Ask.post("/admin/v1/servers/import" + query, body);
    }
}
