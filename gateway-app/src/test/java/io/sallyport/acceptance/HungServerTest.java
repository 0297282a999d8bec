package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Gateway;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.servers.LaunchProfiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that starts again knows of no list how old it is: every server is listed first. */
@Timeout(240)
class HungServerTest {
    private static final int MANY = 12;

    private final Scratch scratch = Scratch.make();
    private final ScriptedUpstream hung = ScriptedUpstream.listing("echo");
    private final ScriptedUpstream well = ScriptedUpstream.listing("echo", "wipe");
    private Gateway gateway = start();
    private TenantDesk tenant = TenantDesk.create(http(), platformKey(), "t");

    private Gateway start() {
        try {
            return Gateway.start(
                    new Gateway.Options(
                            true, 0, scratch.path(), Optional.empty(), new LaunchProfiles.Off()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Http http() {
        return new Http(gateway.url());
    }

    private String platformKey() {
        return gateway.devKeys().orElseThrow().admin();
    }

    private void restart() {
        gateway.close();
        gateway = start();
        tenant = TenantDesk.existing(http(), platformKey(), "t");
    }

    @AfterEach
    void stop() throws IOException {
        hung.close();
        well.close();
        gateway.close();
        scratch.delete();
    }

    /** H19, and H8 for the restart between an approval and its call. */
    @Test
    void aServerThatHangsWhileItIsListedCollectsNobody() throws IOException {
        tenant.serve("hung", hung.endpoint());
        tenant.serve("well", well.endpoint(), Map.of("wipe", "destructive"));
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["hung/*", "well/echo"]}
                  - {id: ask, effect: require_approval, tools: ["well/wipe"]}
                """);
        tenant.toolset("all", "hung/*");
        var key = tenant.agent();
        approveWipe(key);
        hung.hangs();
        var listedBefore = hung.heard().size();
        restart();

        var script = Script.of(Round.calls("hung__echo", "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            var more = ",\"toolset\":\"all\",\"limits\":{\"call_timeout_seconds\":1}";
            tenant.model("m", model.endpoint(), "any", more);
            var start = System.nanoTime();
            var answers =
                    Stream.generate(() ->
                                    CompletableFuture.supplyAsync(
                                            () -> new Chat(http(), key).ask("m").ok().body()))
                            .limit(MANY)
                            .toList();

            assertRunsOnce(McpSession.open(http(), key));
            assertThat(answers)
                    .allSatisfy(it ->
                            assertThat(it.join()).containsAnyOf("upstream_error", "circuit_open"));
            assertThat(new Chat(http(), key).ask("m").ok().body()).contains("circuit_open");
            assertThat(hung.calls()).isEmpty();
            assertThat(hung.heard().size() - listedBefore)
                    .as("one attempt, whatever it begins with, and that of the upkeep")
                    .isLessThanOrEqualTo(4);
            assertThat(System.nanoTime() - start).as("its own second, not the lists'").isPositive();
        }
    }

    private void approveWipe(String key) {
        var approval =
                McpSession.open(http(), key)
                        .result("well__wipe", "{}")
                        .at("/_meta/io.sallyport~1refusal")
                        .path("approvalId")
                        .asString();
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + approval + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"test\"}"))
                .ok();
    }

    private void assertRunsOnce(McpSession mcp) {
        assertThat(mcp.refusal("well__echo", "{}")).isEmpty();
        assertThat(mcp.refusal("well__wipe", "{}")).isEmpty();
        assertThat(mcp.refusal("well__wipe", "{}")).isEqualTo("approval_required");
        assertThat(well.calls()).hasSize(2);
    }
}
