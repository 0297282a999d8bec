package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.StreamGrammar;
import io.sallyport.samples.hosting.RunningServer;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.samples.notes.NotesServer;
import io.sallyport.samples.weather.WeatherServer;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The governed loop over real tools, byte for byte as a client reads it. */
@ExtendWith(GatewayExtension.class)
class WholeChatTest {
    private final TenantDesk tenant;
    private final RunningServer notes;
    private final RunningServer weather;
    private Chat chat;

    WholeChatTest(RunningGateway gateway) throws IOException {
        tenant = gateway.newTenant("whole");
        notes = NotesServer.start(0);
        weather = WeatherServer.start(0);
    }

    @BeforeEach
    void serve() {
        tenant.serve("notes", notes.endpoint());
        tenant.serve("weather", weather.endpoint());
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["notes/*", "weather/*"]}
                  - {id: people, effect: require_approval, tools: ["notes/delete_note"]}
                """);
        tenant.toolset("all", "*");
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() throws IOException {
        notes.close();
        weather.close();
    }

    @Test
    void threeRoundsOfTwoCallsReadAlikeInBothModes() throws IOException {
        try (var model = ScriptedModel.start(0, Script.standard())) {
            tenant.model("m", model.endpoint(), "scripted-three-rounds", ",\"toolset\":\"all\"");
            var whole = chat.ask("m").ok();
            var streamed = chat.stream("m").ok();

            assertThat(text(streamed)).isEqualTo(Chat.text(whole)).contains("Six calls");
            assertThat(chunks(streamed).getLast().at("/usage/completion_tokens").asInt())
                    .isPositive()
                    .isEqualTo(whole.json().at("/usage/completion_tokens").asInt());
            assertThat(whole.body()).doesNotContain("\"function\"");
            assertThat(streamed.body()).doesNotContain("\"function\"");
            assertAllRan(Chat.report(whole));
            assertThat(notes.calls()).containsEntry("list_notes", 2).containsEntry("read_note", 4);
        }
    }

    private void assertAllRan(JsonNode report) {
        var statuses = report.path("tool_calls").valueStream().map(it -> it.path("status"));
        assertThat(statuses.map(JsonNode::asString)).hasSize(6).containsOnly("ok");
        var run = report.path("run_id").asString();
        assertThat(tenant.audit("kind=call.intent&run=" + run)).hasSize(6);
        assertThat(tenant.audit("kind=call.outcome&run=" + run)).hasSize(6);
    }

    @Test
    void anApprovedCallOfTheLoopRunsOnce() throws IOException {
        var script =
                Script.of(
                        Round.calls("notes__delete_note", "{\"id\":\"n3\"}"),
                        Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var pending = Chat.report(chat.ask("m").ok());
            assertThat(pending.path("status").asString()).isEqualTo("approval_required");
            assertThat(notes.calls()).doesNotContainKey("delete_note");

            approve(pending.path("approvals").path(0).path("id").asString());
            assertThat(Chat.text(chat.ask("m").ok())).contains("Deleted n3");
            assertThat(chat.ask("m").ok().body()).contains("approval_required");
            assertThat(notes.calls()).containsEntry("delete_note", 1);
        }
    }

    private void approve(String id) {
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"fine\"}"))
                .ok();
    }

    private static List<JsonNode> chunks(Reply stream) {
        return StreamGrammar.payloads(stream.body()).stream()
                .filter(it -> !it.equals("[DONE]"))
                .map(Reply::parse)
                .toList();
    }

    private static String text(Reply stream) {
        return chunks(stream).stream()
                .map(it -> it.at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }
}
