package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stop now: one call, and nothing more of it happens. */
@ExtendWith(GatewayExtension.class)
class StopTest {
    private static final String ARGUMENTS = "{\"text\":\"1\"}";
    private static final Duration BUSY = Duration.ofSeconds(20);

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look", "wipe");
    private McpSession mcp;

    StopTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("stops");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - id: look
                    effect: allow
                    tools: ["u1/look"]
                  - id: ask
                    effect: require_approval
                    tools: ["u1/wipe"]
                """);
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void end() {
        upstream.close();
    }

    private String path(String what) {
        return switch (what) {
            case "tool" -> "/admin/v1/tools/u1/look";
            case "server" -> "/admin/v1/servers/u1";
            case "principal" -> "/admin/v1/principals/user:ada";
            case "tenant" -> "/admin/v1/tenants/" + tenant.id();
            default -> throw new IllegalArgumentException(what);
        };
    }

    private Reply stop(String what) {
        return tenant.admin(Ask.post(path(what) + "/stop", "{\"reason\":\"it leaks\"}"));
    }

    private Reply start(String what) {
        return tenant.admin(Ask.post(path(what) + "/start", "{\"reason\":\"mended\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "server", "principal", "tenant"})
    void whatIsStoppedDoesNotExistUntilItIsStartedAgain(String what) {
        assertThat(mcp.toolNames()).contains("u1__look");
        var answer = stop(what).ok().json();
        assertThat(answer.path("kind").asString()).isEqualTo(what);
        assertThat(answer.path("stopped").asBoolean()).isTrue();

        assertThat(mcp.toolNames()).doesNotContain("u1__look");
        var refused = mcp.call("u1__look", ARGUMENTS).json();
        assertThat(refused.at("/error/message").asString()).isEqualTo("Unknown tool: u1__look");
        assertThat(upstream.calls()).isEmpty();
        var denied = tenant.audit("kind=call.denied").getFirst();
        assertThat(denied.path("reason").asString()).isEqualTo("stopped");

        assertThat(start(what).ok().json().path("stopped").asBoolean()).isFalse();
        assertThat(mcp.refusal("u1__look", ARGUMENTS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "server", "principal", "tenant"})
    void aStopIsRecordedOnceWithItsReason(String what) {
        stop(what).ok();
        stop(what).ok();
        start(what).ok();
        start(what).ok();

        var records =
                tenant.audit("kind=config.changed").stream()
                        .filter(it -> it.path("change").toString().contains("stopped"))
                        .toList();
        assertThat(records).hasSize(2);
        assertThat(records.getLast().path("reason").asString()).isEqualTo("it leaks");
        assertThat(records.getFirst().path("reason").asString()).isEqualTo("mended");
        assertThat(records.toString()).doesNotContain("principal:user:ada");
        assertThat(records.getFirst().path("principal").asString()).isEqualTo("user:dev-admin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "principal", "tenant"})
    void openApprovalsEndAndDoNotComeBack(String what) {
        var pending = approval("{\"text\":\"pending\"}");
        var approved = approval("{\"text\":\"approved\"}");
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + approved + "/decision",
                                "{\"decision\":\"approve\"}"))
                .ok();

        stop(what).ok();

        for (var id : List.of(pending, approved)) {
            var shown = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json();
            assertThat(shown.path("state").asString()).isEqualTo("cancelled");
        }
        assertThat(
                        tenant.audit("kind=approval.decided").stream()
                                .filter(it -> it.path("decision").asString().equals("cancel")))
                .hasSize(2);
        start(what).ok();
        assertThat(mcp.refusal("u1__wipe", "{\"text\":\"approved\"}"))
                .isEqualTo("approval_required");
        assertThat(upstream.calls()).isEmpty();
    }

    private String approval(String arguments) {
        return mcp.result("u1__wipe", arguments)
                .at("/_meta/io.sallyport~1refusal/approvalId")
                .asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "server", "principal", "tenant"})
    void aCallThatIsUnderWayEndsAndIsToldThatItMayHaveRun(String what) {
        upstream.onCall(upstream.holds());
        var call = CompletableFuture.supplyAsync(() -> mcp.result("u1__look", ARGUMENTS));
        await().atMost(BUSY).until(() -> upstream.calls().size() == 1);

        stop(what).ok();

        var result = call.join();
        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(result.at("/_meta/io.sallyport~1refusal/code").asString()).isEqualTo("stopped");
        assertThat(result.at("/content/0/text").asString()).contains("may have run");
        var outcomes = tenant.audit("kind=call.outcome");
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().path("code").asString()).isEqualTo("stopped");
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void aStoppedPersonIsStoppedWithEveryKeyAndSpelling() {
        var other = tenant.key("user:Ada", "agent");
        var admin = tenant.key("user:ADA", "admin");
        var bob = McpSession.open(tenant.http(), tenant.key("user:bob", "agent"));
        stop("principal").ok();

        var call = McpSession.open(tenant.http(), other).call("u1__look", ARGUMENTS).json();
        assertThat(call.at("/error/message").asString()).startsWith("Unknown tool");
        var late = McpSession.open(tenant.http(), tenant.agent()).call("u1__look", ARGUMENTS);
        assertThat(late.json().at("/error/message").asString()).startsWith("Unknown tool");
        assertThat(tenant.http().send(Ask.get("/v1/models").bearer(other)).status()).isEqualTo(200);
        var restart = Ask.post(path("principal") + "/start", "{}").bearer(admin);
        assertThat(tenant.http().send(restart).status()).isEqualTo(403);
        assertThat(bob.refusal("u1__look", ARGUMENTS)).isEmpty();
    }

    @Test
    void othersStopNothingAndLearnNothing() {
        var boss = tenant.key("user:boss", "admin");
        var foreign = gateway.newTenant("elsewhere");
        var stranger = foreign.key("user:boss", "admin");
        var body = "{\"reason\":\"x\"}";

        assertThat(send(path("tenant") + "/stop", body, boss).status()).isEqualTo(403);
        for (var what : List.of("tool", "server", "principal")) {
            var known = send(path(what) + "/stop", body, stranger);
            var unknown = send(path(what) + "x/stop", body, stranger);
            assertThat(known.status()).isEqualTo(404);
            assertThat(known.comparable()).isEqualTo(unknown.comparable());
        }
        var home = TenantDesk.existing(tenant.http(), gateway.platformKey(), "default");
        var insider = home.key("user:insider", "admin");
        assertThat(send("/admin/v1/principals/user:dev-admin/stop", body, insider).status())
                .isEqualTo(404);
        assertThat(mcp.refusal("u1__look", ARGUMENTS)).isEmpty();
        assertThat(send(path("tool") + "/stop", body, boss).status()).isEqualTo(200);
        assertThat(tenant.admin(Ask.get("/admin/v1/stops")).ok().json().path("items")).hasSize(1);
        assertThat(tenant.admin(Ask.post(path("server") + "/stop", "{}")).status()).isEqualTo(400);
    }

    private Reply send(String path, String body, String key) {
        return tenant.http().send(Ask.post(path, body).bearer(key));
    }
}
