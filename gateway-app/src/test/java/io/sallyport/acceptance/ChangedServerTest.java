package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Use 13. A server's secret and place can be changed; a secret never follows to another origin, and
 * what was approved at one place holds at another only if somebody says so who may.
 */
class ChangedServerTest extends ChangedServer {
    ChangedServerTest(RunningGateway gateway) {
        super(gateway);
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
        var later = askedAfter(here, known);
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

        var kept = keep(server()).ok();

        assertThat(statuses(kept)).containsOnly("approved");
        assertThat(tenant.audit("kind=catalog.approved").toString())
                .contains("kept http://127.0.0.1:" + there.endpoint().getPort());
        mcp.result("u1__echo", "{}");
        assertThat(there.calls()).hasSize(1);
        var records = tenant.audit("kind=config.changed").toString();
        assertThat(records).contains("origin secret_dropped").contains("keep_approvals");
    }

    /** Nobody waits until a failure from before the change is old enough. */
    @Test
    void aServerThatFailedBeforeItWasMendedIsListedForTheNextCall() {
        here.edit(list -> "no" + list);
        var refreshed = tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", ""));
        assertThat(refreshed.status()).isEqualTo(422);
        here.edit(list -> list.substring("no".length()));

        change("{" + bearer(SECOND) + "}").ok();

        mcp.result("u1__echo", "{}");
        assertThat(here.calls()).hasSize(1);
    }

    /** Whoever keeps approvals says what he looked at: it may be elsewhere again by now. */
    @Test
    void approvalsAreKeptAtTheOriginThatWasLookedAtAndAtNoOther() {
        var boss = tenant.key("user:boss", "admin");
        tenant.http().send(patch("{" + url(there.endpoint()) + "}").bearer(boss)).ok();
        var seen = server();
        try (var third = ScriptedUpstream.listing("echo", "ask")) {
            change(
                    "{\"egress\":{\"allow\":[\"127.0.0.1/32:%d\",\"127.0.0.1/32:%d\"]}}"
                            .formatted(there.endpoint().getPort(), third.endpoint().getPort()));
            tenant.http().send(patch("{" + url(third.endpoint()) + "}").bearer(boss)).ok();

            for (var reply : List.of(keep(seen), change("{\"keep_approvals\":true}"))) {
                assertThat(reply.status()).isEqualTo(409);
                assertThat(reply.json().path("code").asString()).isEqualTo("version_conflict");
            }
            assertThat(statuses(server())).containsOnly("changed");
            assertThat(mcp.refusal("u1__echo", "{}")).isEqualTo("descriptor_changed");
            assertThat(third.calls()).isEmpty();
        }
    }

    private Reply keep(Reply seen) {
        return tenant.admin(
                patch("{\"keep_approvals\":true}").with("if-match", seen.header("etag")));
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
}
