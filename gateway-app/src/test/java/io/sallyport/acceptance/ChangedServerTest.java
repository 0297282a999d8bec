package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Use 13. A server's secret and place can be changed; a secret never follows to another origin, and
 * what was approved at one place holds at another only if somebody says so who may.
 */
@ExtendWith(GatewayExtension.class)
class ChangedServerTest {
    private static final String FIRST = "f1rst-secret-of-the-server";
    private static final String SECOND = "s3cond-secret-of-the-server";

    private final TenantDesk tenant;
    private final TenantDesk foreign;
    private final ScriptedUpstream here = ScriptedUpstream.listing("echo", "ask");
    private final ScriptedUpstream there = ScriptedUpstream.listing("echo", "ask");
    private McpSession mcp;

    ChangedServerTest(RunningGateway gateway) {
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

    private void approveAll(Reply server) {
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

    private Ask patch(String body) {
        return Ask.of("PATCH", "/admin/v1/servers/u1").json(body);
    }

    private Reply change(String body) {
        return tenant.admin(patch(body));
    }

    private static String url(URI url) {
        return "\"url\":\"" + url + "\"";
    }

    private static String bearer(String secret) {
        return "\"credential\":{\"type\":\"bearer\",\"secret\":\"" + secret + "\"}";
    }

    private Reply server() {
        return tenant.admin(Ask.get("/admin/v1/servers/u1")).ok();
    }

    private static List<String> statuses(Reply server) {
        return server.json()
                .path("tools")
                .valueStream()
                .map(it -> it.path("status").asString())
                .toList();
    }

    private static List<String> digests(Reply server) {
        return server.json()
                .path("tools")
                .valueStream()
                .map(it -> it.path("digest").asString())
                .toList();
    }

    private static Stream<String> shown(ScriptedUpstream upstream, String header) {
        return upstream.headers().stream()
                .flatMap(it -> it.entrySet().stream())
                .filter(it -> it.getKey().equalsIgnoreCase(header))
                .map(Map.Entry::getValue)
                .flatMap(List::stream);
    }

    private static Stream<String> secrets(ScriptedUpstream upstream) {
        return upstream.headers().stream()
                .map(Map::toString)
                .filter(it -> it.contains(FIRST) || it.contains(SECOND));
    }

    static Stream<String> credentials() {
        return Stream.of(
                bearer(SECOND),
                "\"credential\":{\"type\":\"header\",\"name\":\"x-token\",\"secret\":\""
                        + SECOND
                        + "\"}",
                bearer(SECOND) + ",\"labels\":[\"private-data\"]");
    }

    /** The reviewers saw a credential's id, and that stays. */
    @ParameterizedTest
    @MethodSource("credentials")
    void aNewSecretForTheSameOriginChangesNothingThatWasReviewed(String credential) {
        var before = server();
        mcp.result("u1__echo", "{}");

        var changed = change("{" + credential + "}").ok();

        assertThat(digests(changed)).isEqualTo(digests(before));
        assertThat(changed.header("etag")).isEqualTo(before.header("etag"));
        assertThat(statuses(changed)).containsOnly("approved");
        assertThat(changed.json().path("credential")).isEqualTo(before.json().path("credential"));
        var known = here.headers().size();
        mcp.result("u1__echo", "{}");
        var later = here.askedAfter(known);
        assertThat(later).isNotEmpty().allMatch(it -> it.toString().contains(SECOND));
        assertThat(later.toString()).doesNotContain(FIRST);
    }

    @Test
    void aSecretStaysBehindWhenItsServerMoves() {
        var changed = change("{" + url(there.endpoint()) + "}").ok();

        assertThat(changed.json().has("credential")).isFalse();
        assertThat(statuses(changed)).containsOnly("changed");
        assertThat(mcp.refusal("u1__echo", "{}")).isEqualTo("descriptor_changed");
        approveAll(changed);
        mcp.result("u1__echo", "{}");
        assertThat(there.calls()).hasSize(1);
        assertThat(secrets(there)).isEmpty();
        var back = change("{" + url(here.endpoint()) + "}").ok();
        assertThat(back.json().has("credential")).as("nor does it wait where it was").isFalse();
    }

    @Test
    void aSecretThatComesWithTheMoveIsTheOnlyOneThatIsShown() {
        var id = server().json().at("/credential/id").asString();

        var changed = change("{" + url(there.endpoint()) + "," + bearer(SECOND) + "}").ok();

        assertThat(changed.json().at("/credential/id").asString())
                .startsWith("cred_")
                .isNotEqualTo(id);
        assertThat(shown(there, "authorization")).isNotEmpty().containsOnly("Bearer " + SECOND);
        assertThat(here.headers().toString()).doesNotContain(SECOND);
    }

    static Stream<String> spellings() {
        return Stream.of(
                "http://127.0.0.1:%d/mcp/v2",
                "http://127.0.0.1:%d/mcp?x=1", "HTTP://127.0.0.1:%d/mcp/");
    }

    /** A path is no other origin; what was approved there waits, unless an admin says otherwise. */
    @ParameterizedTest
    @MethodSource("spellings")
    void withinOneOriginTheSecretStaysAndAnAdminKeepsApprovals(String spelling) {
        var url = URI.create(spelling.formatted(here.endpoint().getPort()));
        var boss = tenant.key("user:boss", "admin");
        var id = server().json().at("/credential/id").asString();

        var kept =
                tenant.http()
                        .send(patch("{" + url(url) + ",\"keep_approvals\":true}").bearer(boss))
                        .ok();

        assertThat(kept.json().at("/credential/id").asString()).isEqualTo(id);
        assertThat(statuses(kept)).containsOnly("approved");
        assertThat(mcp.refusal("u1__echo", "{}")).isEmpty();
        assertThat(shown(here, "authorization")).containsOnly("Bearer " + FIRST);
        assertThat(
                        tenant.audit("kind=catalog.approved").stream()
                                .filter(it -> it.toString().contains("kept")))
                .hasSize(2);

        var waiting = tenant.http().send(patch("{" + url(here.endpoint()) + "}").bearer(boss)).ok();

        assertThat(statuses(waiting)).containsOnly("changed");
        assertThat(
                        statuses(
                                tenant.http()
                                        .send(patch("{\"keep_approvals\":true}").bearer(boss))
                                        .ok()))
                .containsOnly("approved");
    }

    @Test
    void anotherSpellingOfTheSameUrlIsNoChange() {
        var before = server();

        var changed =
                change("{\"url\":\"HTTP://127.0.0.1:%d/mcp\"}".formatted(here.endpoint().getPort()))
                        .ok();

        assertThat(changed.json().path("url")).isEqualTo(before.json().path("url"));
        assertThat(digests(changed)).isEqualTo(digests(before));
        assertThat(statuses(changed)).containsOnly("approved");
    }

    @Test
    void whatIsListedOtherwiseIsKeptByNobody() {
        here.tools(
                """
                {"name":"echo","description":"Does echo.","inputSchema":{"type":"object",
                 "properties":{"text":{"type":"string"}},"additionalProperties":false}}\
                """,
                "{\"name\":\"ask\",\"description\":\"Ask everybody.\",\"inputSchema\":{\"type\":\"object\"}}");
        var url = URI.create(here.endpoint() + "/v2");

        var kept = change("{" + url(url) + ",\"keep_approvals\":true}").ok();

        assertThat(statuses(kept)).containsExactlyInAnyOrder("approved", "changed");
    }

    /** Two people: one that moved the server, and a platform admin that did not. */
    @Test
    void atAnotherOriginOnlyAPlatformAdminWhoDidNotMoveItKeepsApprovals() {
        var boss = tenant.key("user:boss", "admin");
        var keep = "\"keep_approvals\":true";
        var move = url(there.endpoint());

        assertThat(tenant.http().send(patch("{" + move + "," + keep + "}").bearer(boss)).status())
                .isEqualTo(403);
        var same = change("{" + move + "," + keep + "}");
        assertThat(same.json().path("code").asString()).isEqualTo("self_approval");
        assertThat(there.heard()).isEmpty();
        tenant.http().send(patch("{" + move + "}").bearer(boss)).ok();
        assertThat(tenant.http().send(patch("{" + keep + "}").bearer(boss)).status())
                .isEqualTo(403);

        var kept = change("{" + keep + "}").ok();

        assertThat(statuses(kept)).containsOnly("approved");
        mcp.result("u1__echo", "{}");
        assertThat(there.calls()).hasSize(1);
        var records = tenant.audit("kind=config.changed").toString();
        assertThat(records).contains("origin secret_dropped").contains("keep_approvals");
    }

    @Test
    void aPlatformAdminWhoMovedItDoesNotKeepApprovalsLater() {
        change("{" + url(there.endpoint()) + "}").ok();

        var reply = change("{\"keep_approvals\":true}");

        assertThat(reply.json().path("code").asString()).isEqualTo("self_approval");
        assertThat(statuses(server())).containsOnly("changed");
    }

    /** A change of the path does not wash off who moved it. */
    @Test
    void whoMovedAServerIsRememberedWhilePinsWait() {
        var boss = tenant.key("user:boss", "admin");
        tenant.http().send(patch("{" + url(there.endpoint()) + "}").bearer(boss)).ok();
        var path = url(URI.create(there.endpoint() + "/v2"));

        var same =
                tenant.http()
                        .send(patch("{" + path + ",\"keep_approvals\":true}").bearer(boss))
                        .ok();

        assertThat(statuses(same)).containsOnly("changed");
        var keep = tenant.http().send(patch("{\"keep_approvals\":true}").bearer(boss));
        assertThat(keep.status()).isEqualTo(403);
    }

    private String pending() {
        var result = mcp.result("u1__ask", "{}");
        return result.at("/_meta/io.sallyport~1refusal/approvalId").asString();
    }

    private String state(String approval) {
        return tenant.admin(Ask.get("/admin/v1/approvals/" + approval))
                .ok()
                .json()
                .path("state")
                .asString();
    }

    @Test
    void openApprovalsEndWithAMoveAndStayWithANewSecret() {
        var waiting = pending();
        change("{" + bearer(SECOND) + "}").ok();
        assertThat(state(waiting)).isEqualTo("pending");
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + waiting + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"x\"}"))
                .ok();

        change("{" + url(there.endpoint()) + "}").ok();

        assertThat(state(waiting)).isEqualTo("cancelled");
        change("{" + url(here.endpoint()) + "}").ok();
        approveAll(server());
        assertThat(mcp.refusal("u1__ask", "{}")).isEqualTo("approval_required");
        assertThat(here.calls()).isEmpty();
    }

    static Stream<String> refused() {
        return Stream.of(
                "https://user@127.0.0.1/mcp|egress_denied",
                "https://127.0.0.1/mcp#x|egress_denied",
                "ftp://127.0.0.1/mcp|egress_denied",
                "http://127.0.0.2:HERE/mcp|egress_denied",
                "https://10.1.2.3/mcp|egress_denied",
                "https://no-such-name.invalid/mcp|egress_denied",
                "https://127.0.0.1:THERE/mcp|upstream_tls",
                "http://127.0.0.1:THERE/nothing|upstream_not_mcp");
    }

    /** As a registration would be; then nothing is changed. */
    @ParameterizedTest
    @MethodSource("refused")
    void aPlaceThatCannotBeUsedChangesNothing(String line) {
        var parts = line.split("\\|");
        var place =
                parts[0].replace("THERE", "" + there.endpoint().getPort())
                        .replace("HERE", "" + here.endpoint().getPort());
        var before = server();

        var reply = change("{\"url\":\"" + place + "\"," + bearer(SECOND) + "}");

        assertThat(reply.status()).as(reply.body()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo(parts[1]);
        assertThat(server().json().path("url")).isEqualTo(before.json().path("url"));
        mcp.result("u1__echo", "{}");
        assertThat(shown(here, "authorization")).containsOnly("Bearer " + FIRST);
    }

    /** Calls under way while the server moves, at whatever moment, mix nothing. */
    @Test
    void aCallThatWasDecidedBeforeMixesNothing() throws Exception {
        var held = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        Behaviour holds =
                (exchange, id) -> {
                    arrived.countDown();
                    try {
                        held.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    ScriptedUpstream.says("done").answer(exchange, id);
                };
        here.onCall(holds);
        var call = CompletableFuture.supplyAsync(() -> mcp.call("u1__echo", "{}"));
        arrived.await();
        here.onCall(ScriptedUpstream.says("done"));
        var more =
                Stream.generate(() -> CompletableFuture.runAsync(() -> mcp.call("u1__echo", "{}")))
                        .limit(20)
                        .toList();

        change("{" + url(there.endpoint()) + "," + bearer(SECOND) + "}").ok();
        held.countDown();
        more.forEach(CompletableFuture::join);
        call.join();

        assertThat(there.headers().toString()).doesNotContain(FIRST);
        assertThat(here.headers().toString()).doesNotContain(SECOND);
        assertThat(there.calls()).isEmpty();
    }

    @Test
    void twoChangesFromOneViewAreNotBothMade() {
        var etag = server().header("etag");

        assertThat(change("{" + url(there.endpoint()) + "}").ok().header("etag"))
                .isNotEqualTo(etag);
        var reply = tenant.admin(patch("{" + bearer(SECOND) + "}").with("if-match", etag));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(server().json().has("credential")).isFalse();
    }

    @Test
    void aStopAndAStatusStay() {
        tenant.admin(Ask.post("/admin/v1/servers/u1/stop", "{\"reason\":\"looks odd\"}")).ok();

        var changed = change("{" + url(there.endpoint()) + "," + bearer(SECOND) + "}").ok();

        assertThat(changed.json().path("stopped").asString()).isEqualTo("looks odd");
        assertThat(mcp.toolNames()).isEmpty();
        change("{\"status\":\"disabled\"}").ok();
        assertThat(change("{" + url(here.endpoint()) + "}").ok().json().path("status").asString())
                .isEqualTo("disabled");
    }

    @Test
    void aCredentialCanBeTakenAway() {
        var changed = change("{\"credential\":null}").ok();

        assertThat(changed.json().has("credential")).isFalse();
        assertThat(statuses(changed)).as("another identity").containsOnly("changed");
        approveAll(changed);
        var known = here.headers().size();
        mcp.result("u1__echo", "{}");
        assertThat(here.askedAfter(known).toString()).doesNotContain(FIRST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"profile\":\"x\"}",
                "{\"url\":\"http://127.0.0.1:9/mcp\",\"profile\":\"x\"}",
                "{\"command\":\"x\"}"
            })
    void aServerWithAUrlBecomesNoProgram(String body) {
        assertThat(change(body).status()).isEqualTo(422);
        assertThat(statuses(server())).containsOnly("approved");
    }

    @Test
    void aForeignServerIsUnknown() {
        var body = "{" + url(there.endpoint()) + "," + bearer(SECOND) + "}";
        var boss = foreign.key("user:boss", "admin");

        var reply = tenant.http().send(patch(body).bearer(boss));
        var unknown =
                tenant.http()
                        .send(Ask.of("PATCH", "/admin/v1/servers/none").json(body).bearer(boss));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.comparable()).isEqualTo(unknown.comparable());
        assertThat(there.heard()).isEmpty();
    }

    @Test
    void aSecretIsNowhereButAtItsServer() {
        try (var log = LogLines.begin()) {
            var answers = new StringBuilder();
            answers.append(change("{" + bearer(SECOND) + "}").body());
            answers.append(change("{" + url(there.endpoint()) + "," + bearer(FIRST) + "}").body());
            answers.append(server().body());
            List<JsonNode> records = tenant.audit("");

            assertThat(answers.toString()).doesNotContain(FIRST, SECOND);
            assertThat(records.toString()).doesNotContain(FIRST, SECOND);
            assertThat(log.with("secret-of-the-server")).isEmpty();
        }
    }
}
