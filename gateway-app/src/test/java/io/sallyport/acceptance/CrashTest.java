package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aCallThatWasCutOffByAKilledGatewayIsRecordedAsIndeterminateOnce()
            throws IOException, InterruptedException {
        var scratch = Scratch.make();
        try (var upstream = ScriptedUpstream.listing("slow")) {
            upstream.onCall(upstream.holds());
            killDuringACall(scratch, upstream);

            var again = GatewayProcess.serve(scratch.path(), "--dev", "--port", "0");
            try {
                var tenant = desk(new Http(again.awaitUrl()), again);
                await(() -> !tenant.audit("kind=call.outcome").isEmpty());
                assertClosed(tenant);
            } finally {
                again.stop();
            }
            assertThat(upstream.calls()).hasSize(1);
        } finally {
            scratch.delete();
        }
        assertThat(Files.exists(scratch.path())).isFalse();
    }

    private static void killDuringACall(Scratch scratch, ScriptedUpstream upstream)
            throws IOException, InterruptedException {
        var gateway = GatewayProcess.serve(scratch.path(), "--dev", "--port", "0");
        var http = new Http(gateway.awaitUrl());
        var tenant = desk(http, gateway);
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        var mcp = McpSession.open(http, gateway.key("SALLYPORT_AGENT_KEY"));
        var cut = CompletableFuture.runAsync(() -> mcp.call("u1__slow", "{}"));
        await(() -> !upstream.calls().isEmpty());
        gateway.kill();
        assertThat(cut.handle((_, failure) -> failure).join()).isNotNull();
    }

    private static TenantDesk desk(Http http, GatewayProcess gateway) throws IOException {
        return TenantDesk.existing(http, gateway.key("SALLYPORT_ADMIN_KEY"), "default");
    }

    private static void assertClosed(TenantDesk tenant) throws IOException {
        List<JsonNode> intents = tenant.audit("kind=call.intent");
        List<JsonNode> outcomes = tenant.audit("kind=call.outcome");
        assertThat(intents).hasSize(1);
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().path("status").asString()).isEqualTo("indeterminate");
        assertThat(outcomes.getFirst().path("intent")).isEqualTo(intents.getFirst().path("record"));
        var cause = outcomes.getFirst().path("cause").asString("");
        OutcomeStory.assertOnPage(
                new OutcomeStory("indeterminate", cause, "nothing")
                        .row("holds the call, and the gateway is killed"));
    }

    /** Asks until it is so; each question takes a moment of its own. */
    private static void await(BooleanSupplier condition) {
        var deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
    }
}
