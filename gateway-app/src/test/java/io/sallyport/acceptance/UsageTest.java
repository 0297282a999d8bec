package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Row 21: records of chats carry model and tokens, and what was used is summed up from them. */
@ExtendWith(GatewayExtension.class)
class UsageTest {
    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "wipe", "ask");
    private final JsonNode ada;
    private final JsonNode bob;

    UsageTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("usage");
        ada = tenant.newKey("{\"owner\":\"user:ada\"}");
        bob = tenant.newKey("{\"owner\":\"user:bob\"}");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - {id: reads, effect: allow, tools: ["u1/echo"]}
                  - {id: people, effect: require_approval, tools: ["u1/ask"]}
                """);
        tenant.toolset("all", "u1/*");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static String text(JsonNode key) {
        return key.path("key").asString();
    }

    private Chat chat(JsonNode key) {
        return new Chat(tenant.http(), text(key));
    }

    private List<JsonNode> sums(String by) {
        return List.copyOf(list("by=" + by).path("items").values());
    }

    /** The one sum of that. */
    private JsonNode sum(String by, String value) {
        var sums = sums(by).stream().filter(it -> it.path(by).asString().equals(value)).toList();
        assertThat(sums).hasSize(1);
        return sums.getFirst();
    }

    private JsonNode list(String query) {
        return tenant.admin(Ask.get("/admin/v1/usage?" + query)).ok().json();
    }

    private static String shown(JsonNode sum) {
        return "%s calls, %s denied, %s waiting, %s runs, %s in, %s out, %s uncounted"
                .formatted(
                        sum.path("calls"),
                        sum.path("denied"),
                        sum.path("waiting"),
                        sum.path("runs"),
                        sum.at("/tokens/input"),
                        sum.at("/tokens/output"),
                        sum.path("runs_without_tokens"));
    }

    /** Two runs with tools and one relayed stream, of two keys and two models; three MCP calls. */
    private void work() throws IOException {
        var first =
                Script.of(
                        Round.calls("u1__echo", "{}").and("u1__wipe", "{}").costing(10, 2),
                        Round.says("Done.").costing(30, 4));
        var second = Script.of(Round.says("Streamed.").costing(1_000, 200));
        try (var one = ScriptedModel.start(0, first);
                var two = ScriptedModel.start(0, second)) {
            tenant.model("m1", one.endpoint(), "any", ",\"toolset\":\"all\"");
            tenant.model("m2", two.endpoint(), "any", "");
            chat(ada).ask("m1").ok();
            chat(bob).ask("m1").ok();
            chat(bob).stream("m2").ok();
            chat(bob)
                    .send(
                            """
                            {"model":"m2","stream":true,"messages":[{"role":"user","content":"x"}]}\
                            """)
                    .ok();
        }
        var mcp = McpSession.open(tenant.http(), text(ada));
        mcp.call("u1__echo", "{}");
        mcp.call("u1__nonsense", "{}");
        mcp.call("u1__ask", "{}");
    }

    @Test
    void sumsAreToldApartByEachDimension() throws IOException {
        work();

        assertThat(sums("model")).hasSize(2);
        assertThat(sum("model", "m1").toString()).doesNotContain("calls");
        assertThat(shown(sum("model", "m1"))).endsWith("2 runs, 80 in, 12 out, 0 uncounted");
        assertThat(shown(sum("model", "m2"))).endsWith("2 runs, 1000 in, 200 out, 1 uncounted");
        assertThat(shown(sum("key", ada.path("id").asString())))
                .isEqualTo("2 calls, 2 denied, 1 waiting, 1 runs, 40 in, 6 out, 0 uncounted");
        assertThat(shown(sum("key", bob.path("id").asString())))
                .isEqualTo("1 calls, 1 denied, 0 waiting, 3 runs, 1040 in, 206 out, 1 uncounted");
        assertThat(sum("tool", "echo").path("server").asString()).isEqualTo("u1");
        assertThat(shown(sum("tool", "echo"))).startsWith("3 calls, 0 denied, 0 waiting");
        assertThat(shown(sum("tool", "wipe"))).startsWith("0 calls, 2 denied, 0 waiting");
        assertThat(shown(sum("tool", "ask"))).startsWith("0 calls, 0 denied, 1 waiting");
        assertThat(sum("tool", "u1__nonsense").path("server").asString()).isEmpty();
        assertWhole(sum("tenant", tenant.id()));
        sums("day").forEach(it -> assertThat(it.has("tokens")).isTrue());
    }

    private static void assertWhole(JsonNode sum) {
        assertThat(shown(sum))
                .isEqualTo("3 calls, 3 denied, 1 waiting, 4 runs, 1080 in, 212 out, 1 uncounted");
    }

    @Test
    void aDayIsOneOfUtcAndTheWindowIsBounded() throws IOException {
        work();
        var today = LocalDate.now(ZoneOffset.UTC);

        assertThat(sums("day").stream().map(it -> it.path("day").asString()))
                .isSubsetOf(today.toString(), today.minusDays(1).toString())
                .isNotEmpty();
        assertThat(list("by=day&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z").path("items"))
                .isEmpty();
        assertThat(list("by=tool&to=2026-01-02T00:00:00Z").path("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "by=modell",
                "by=principal",
                "by=day&since=2026-01-01T00:00:00Z",
                "by=day&from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z",
                "by=day&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                "by=day&from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z",
                "by=day&cursor=%21",
                "by=day&cursor=AA"
            })
    void aMistakeIsNamed(String query) {
        var reply = tenant.admin(Ask.get("/admin/v1/usage?" + query));

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    }

    @Test
    void manyOfThemComeInPages() {
        var mcp = McpSession.open(tenant.http(), text(ada));
        for (int i = 0; i < 130; i++) {
            mcp.call("no_%03d".formatted(i), "{}");
        }
        var names = new ArrayList<String>();
        var first = list("by=tool");
        first.path("items").forEach(it -> names.add(it.path("tool").asString()));
        assertThat(names).hasSize(100);
        var second = list("by=tool&cursor=" + first.path("next_cursor").asString());
        second.path("items").forEach(it -> names.add(it.path("tool").asString()));

        assertThat(second.has("next_cursor")).isFalse();
        assertThat(names).hasSize(130).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void nobodySumsUpAnotherTenant() throws IOException {
        work();
        var other = gateway.newTenant("usage-other");
        var boss = other.key("user:boss", "admin");

        for (var by : List.of("tenant", "key", "model", "tool", "day")) {
            var own = Ask.get("/admin/v1/usage?by=" + by).bearer(boss);
            assertThat(tenant.http().send(own).ok().json().path("items")).isEmpty();
            assertThat(tenant.http().send(own.with("X-Sallyport-Tenant", tenant.id())).status())
                    .isEqualTo(403);
        }
        var agent = Ask.get("/admin/v1/usage?by=day").bearer(text(ada));
        assertThat(tenant.http().send(agent).status()).isEqualTo(403);
    }

    @Test
    void aPlatformAdminSumsUpEveryTenant() throws IOException {
        work();
        JsonNode found = Reply.parse("{}");
        var cursor = "";
        do {
            var ask = Ask.get("/admin/v1/usage?by=tenant" + cursor).bearer(gateway.platformKey());
            var page = gateway.send(ask).ok().json();
            found =
                    page.path("items")
                            .valueStream()
                            .filter(it -> it.path("tenant").asString().equals(tenant.id()))
                            .findFirst()
                            .orElse(found);
            cursor = "&cursor=" + page.path("next_cursor").asString("");
        } while (!cursor.equals("&cursor="));

        assertWhole(found);
        assertThat(tenant.audit("kind=audit.read").toString()).contains("\"target\":\"usage\"");
    }

    @Test
    void recordsOfChatsCarryModelAndTokens() throws IOException {
        work();
        var ends = tenant.audit("kind=chat.response");

        assertThat(ends.stream().map(it -> it.path("model").asString()))
                .containsExactly("m2", "m2", "m1", "m1");
        assertThat(ends.get(2).path("tokens").toString()).isEqualTo("{\"input\":40,\"output\":6}");
        assertThat(ends.get(1).path("tokens").toString())
                .isEqualTo("{\"input\":1000,\"output\":200}");
        assertThat(ends.get(0).has("tokens")).isFalse();
    }

    /** Row 16: the records of one key. */
    @Test
    void theLogIsFilteredByKey() throws IOException {
        work();
        var id = bob.path("id").asString();
        var records = tenant.audit("key=" + id);

        assertThat(records).isNotEmpty().allMatch(it -> it.path("client").asString().equals(id));
        assertThat(tenant.audit("key=" + id + "&kind=chat.request")).hasSize(3);
        assertThat(tenant.audit("key=" + id + "&kind=call.denied&tool=wipe")).hasSize(1);
        assertThat(tenant.audit("key=0123456789abcdef")).isEmpty();
        assertThat(tenant.audit("key=" + ada.path("id").asString() + "&principal=user:bob"))
                .isEmpty();
    }
}
