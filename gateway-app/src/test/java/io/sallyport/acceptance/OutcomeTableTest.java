package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.FaultyUpstream.Fault;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * B1: whatever goes wrong between a decision and its answer, the record, the caller's text and the
 * admin's view tell one story, in both eras and on both faces, and what the server counted agrees.
 * What is told is the table in docs/reference/outcomes.md.
 */
@Timeout(300)
@ExtendWith(GatewayExtension.class)
class OutcomeTableTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "outcomes.md");

    /** Nothing goes wrong, or only now and then something. */
    private static final Set<Fault> OTHERS =
            Set.of(Fault.NONE, Fault.CLOSES_IDLE, Fault.RESETS_BEFORE);

    private final RunningGateway gateway;

    OutcomeTableTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    /** What one fault looks like from all sides. */
    private record Story(String status, String cause, String told) {
        String row(Fault fault) {
            var name = fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "| " + String.join(" | ", name, status, cause, told) + " |";
        }
    }

    @Test
    void everyFaultTellsOneStoryAndThePageHasIt() throws IOException {
        var rows =
                Stream.of(Fault.values())
                        .filter(it -> !OTHERS.contains(it))
                        .parallel()
                        .map(it -> story(it).row(it))
                        .collect(Collectors.joining("\n"));

        assertThat(Files.readString(PAGE)).contains(rows);
    }

    /** Both eras have the same one. */
    private Story story(Fault fault) {
        var modern = told(fault, true);

        assertThat(told(fault, false)).as(fault.name()).isEqualTo(modern);
        return modern;
    }

    private Story told(Fault fault, boolean modern) {
        var tenant = gateway.newTenant("table");
        try (var upstream = new FaultyUpstream(modern)) {
            tenant.serve("u1", upstream.endpoint(), Map.of("wipe", "write"));
            tenant.allow("u1/*");
            tenant.toolset("all", "u1/*");
            var mcp = McpSession.open(tenant.http(), tenant.agent());
            upstream.from(fault);

            var text = text(mcp.result("u1__wipe", "{}"));
            var first = agreed(tenant, upstream, text, 1);
            upstream.from(Fault.NONE);
            assertThat(mcp.refusal("u1__wipe", "{}")).isEmpty();
            upstream.from(fault);
            var heard = asked(tenant);
            var second = agreed(tenant, upstream, heard, 3);

            assertThat(second.path("status")).as(fault.name()).isEqualTo(first.path("status"));
            assertThat(second.path("cause")).as(fault.name()).isEqualTo(first.path("cause"));
            assertThat(heard).isEqualTo("Error: " + text);
            return new Story(first.path("status").asString(), first.path("cause").asString(), text);
        }
    }

    private static String text(JsonNode result) {
        assertThat(result.path("isError").asBoolean(false)).isTrue();
        return result.at("/content/0/text").asString();
    }

    /** What the model reads of a call that it made. */
    private static String asked(TenantDesk tenant) {
        var script = Script.of(Round.calls("u1__wipe", "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var text = Chat.text(new Chat(tenant.http(), tenant.agent()).ask("m").ok());
            return text.substring("- u1__wipe: ".length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest record, which says what the caller was told and what the server saw. */
    private static JsonNode agreed(
            TenantDesk tenant, FaultyUpstream upstream, String text, int calls) {
        List<JsonNode> outcomes = tenant.audit("kind=call.outcome");
        assertThat(outcomes).hasSize(calls);
        var newest = outcomes.getFirst();
        switch (newest.path("status").asString()) {
            case "not_sent" -> {
                assertThat(text).contains("did not run");
                assertThat(upstream.received()).isLessThan(calls);
            }
            case "indeterminate" -> assertThat(text).contains("may have run");
            case "refused" -> assertThat(text).contains("The tool ran");
            default -> assertThat(newest.path("status").asString()).isEqualTo("tool_error");
        }
        return newest;
    }
}
