package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * How one call ended, seen from all sides, once they were seen to agree.
 *
 * @param cause empty if the record has none
 * @param told what the caller read
 */
record OutcomeStory(String status, String cause, String told) {
    private static final Path PAGE = Path.of("..", "docs", "reference", "outcomes.md");

    /** The line of the page, whose name is that of a constant. */
    String row(Enum<?> fault) {
        return row(fault.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    String row(String fault) {
        return "| " + String.join(" | ", fault, status, cause, told).replace("|  |", "| |") + " |";
    }

    /** These lines are on the page, one after the other. */
    static void assertOnPage(String rows) throws IOException {
        assertThat(Files.readString(PAGE)).contains(rows);
    }

    /** What a client of MCP reads of a call that failed. */
    static String text(JsonNode result) {
        assertThat(result.path("isError").asBoolean(false)).isTrue();
        return result.at("/content/0/text").asString();
    }

    /** What a model reads of a call that it made; the tenant has a toolset {@code all}. */
    static String askedByModel(TenantDesk tenant, String tool) {
        var script = Script.of(Round.calls(tool, "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var text = Chat.text(new Chat(tenant.http(), tenant.agent()).ask("m").ok());
            return text.substring(("- " + tool + ": ").length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest outcome of this tenant, whose record, log line and text have to agree. */
    static OutcomeStory newest(TenantDesk tenant, LogLines log, String told) {
        var outcome = tenant.audit("kind=call.outcome").getFirst();
        var story =
                new OutcomeStory(
                        outcome.path("status").asString(),
                        outcome.path("cause").asString(""),
                        told);
        story.assertSaid();
        var record = " record=" + outcome.path("record").asString();
        story.assertLogged(
                log.await("call.outcome tenant=" + tenant.id() + " ", record).getFirst());
        return story;
    }

    private void assertSaid() {
        switch (status) {
            case "not_sent" -> assertThat(told).contains("did not run");
            case "indeterminate" -> assertThat(told).containsAnyOf("may have run", "nothing");
            case "refused" -> assertThat(told).contains("The tool ran");
            default -> assertThat(status).isEqualTo("tool_error");
        }
    }

    private void assertLogged(String line) {
        assertThat(line).contains(" status=" + status + " ");
        if (cause.isEmpty()) {
            assertThat(line).doesNotContain(" cause=");
        } else {
            assertThat(line).contains(" cause=" + cause + " ");
        }
    }
}
