package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.FaultyUpstream.Fault;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * B1: whatever goes wrong between a decision and its answer, the record, the log line, the caller's
 * text and the admin's view tell one story, in both eras and on both faces, and what the server
 * counted agrees. What is told is the table in docs/reference/outcomes.md.
 */
@Timeout(300)
@ExtendWith(GatewayExtension.class)
class OutcomeTableTest {
    /** Nothing goes wrong, or only now and then something. */
    private static final Set<Fault> OTHERS =
            Set.of(Fault.NONE, Fault.CLOSES_IDLE, Fault.RESETS_BEFORE);

    private final RunningGateway gateway;
    private LogLines log;

    OutcomeTableTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    @BeforeEach
    void listen() {
        log = LogLines.begin();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void everyFaultTellsOneStoryAndThePageHasIt() throws IOException {
        var rows =
                Stream.of(Fault.values())
                        .filter(it -> !OTHERS.contains(it))
                        .parallel()
                        .map(it -> story(it).row(it))
                        .collect(Collectors.joining("\n"));

        OutcomeStory.assertOnPage(rows);
    }

    /** Both eras have the same one. */
    private OutcomeStory story(Fault fault) {
        var modern =
                CompletableFuture.supplyAsync(() -> told(fault, true), Thread::startVirtualThread);

        var legacy = told(fault, false);
        assertThat(legacy).as(fault.name()).isEqualTo(modern.join());
        return legacy;
    }

    private OutcomeStory told(Fault fault, boolean modern) {
        var tenant = gateway.newTenant("table");
        try (var upstream = new FaultyUpstream(modern)) {
            tenant.serve("u1", upstream.endpoint(), Map.of("wipe", "write"));
            if (fault == Fault.SILENT) {
                tenant.hurry("u1");
            }
            tenant.allow("u1/*");
            tenant.toolset("all", "u1/*");
            var mcp = McpSession.open(tenant.http(), tenant.agent());
            upstream.from(fault);

            var text = OutcomeStory.text(mcp.result("u1__wipe", "{}"));
            var first = OutcomeStory.newest(tenant, log, text);
            assertCounted(first, upstream, 1);
            upstream.from(Fault.NONE);
            assertThat(mcp.refusal("u1__wipe", "{}")).isEmpty();
            upstream.from(fault);
            var heard = OutcomeStory.askedByModel(tenant, "u1__wipe");

            assertThat(heard).isEqualTo("Error: " + text);
            var second = OutcomeStory.newest(tenant, log, text);
            assertThat(second).as(fault.name()).isEqualTo(first);
            assertCounted(second, upstream, 3);
            assertThat(tenant.audit("kind=call.outcome")).hasSize(3);
            return first;
        }
    }

    /** Nothing is sent twice, and what is told not to have been sent was not. */
    private static void assertCounted(OutcomeStory story, FaultyUpstream upstream, int calls) {
        var sent = story.status().equals("not_sent") ? calls - 1 : calls;
        assertThat(upstream.received()).isEqualTo(sent);
    }
}
