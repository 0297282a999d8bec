package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which tools a model is offered; every source only narrows. */
class ToolSelectionTest {
    private static final String[] WEATHER = {"weather__get_alerts", "weather__get_forecast"};
    private static final String[] NOTES = {
        "notes__create_note", "notes__delete_note", "notes__list_notes"
    };

    private ScriptedModel model;

    @BeforeEach
    void start() throws IOException {
        model = ScriptedModel.start(0, Script.of(Round.says("Hi")));
    }

    @AfterEach
    void stop() {
        model.close();
    }

    private JsonNode sent(UnaryOperator<Tenant> tenant, String body, String... headers)
            throws Exception {
        try (var server = ChatServer.of(tenant.apply(Tenant.at(model.endpoint())))) {
            var answer = server.chat(body, headers);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return Answer.parse(model.requests().getLast());
        }
    }

    private JsonNode sent(String body, String... headers) throws Exception {
        return sent(UnaryOperator.identity(), body, headers);
    }

    private static List<String> names(JsonNode request) {
        return StreamSupport.stream(request.path("tools").spliterator(), false)
                .map(it -> it.path("function").path("name").asString())
                .toList();
    }

    private static String mcp(String label, String more) {
        return "{\"type\":\"mcp\",\"server_label\":\"" + label + "\"" + more + "}";
    }

    private static String tools(String... entries) {
        return "\"tools\":[" + String.join(",", entries) + "]";
    }

    @Test
    void nobodyNamesAToolsetSoThereAreNone() throws Exception {
        assertThat(sent(Bodies.ask("plain", "")).has("tools")).isFalse();
    }

    @Test
    void theAliasNamesOneAndPolicyHidesTheRest() throws Exception {
        assertThat(names(sent(Bodies.ask("agent", ""))))
                .contains(WEATHER)
                .contains(NOTES)
                .hasSize(WEATHER.length + NOTES.length);
    }

    @Test
    void theKeysToolsetIsItsDefault() throws Exception {
        assertThat(names(sent(it -> it.withKeyFor("forecasts"), Bodies.ask("plain", ""))))
                .containsExactly(WEATHER);
    }

    @Test
    void theKeysToolsetBoundsTheAlias() throws Exception {
        assertThat(names(sent(it -> it.withKeyFor("notebook"), Bodies.ask("agent", ""))))
                .containsExactly(NOTES);
    }

    @Test
    void theHeaderNarrows() throws Exception {
        var body = Bodies.ask("agent", "");
        assertThat(names(sent(body, "X-Sallyport-Toolsets", "forecasts"))).containsExactly(WEATHER);
        assertThat(names(sent(body, "X-Sallyport-Toolsets", "forecasts, notebook"))).hasSize(5);
    }

    @Test
    void anEmptyHeaderMeansNoServerTools() throws Exception {
        assertThat(sent(Bodies.ask("agent", ""), "X-Sallyport-Toolsets", "").has("tools"))
                .isFalse();
    }

    @Test
    void metadataNarrowsAndIsStripped() throws Exception {
        var only = sent(Bodies.ask("plain", "\"metadata\":{\"sallyport_toolsets\":\"forecasts\"}"));
        assertThat(names(only)).containsExactly(WEATHER);
        assertThat(only.has("metadata")).isFalse();

        var beside =
                sent(
                        Bodies.ask(
                                "plain",
                                "\"metadata\":{\"a\":\"b\",\"sallyport_toolsets\":\"forecasts\"}"));
        assertThat(beside.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
    }

    @Test
    void mcpEntriesChooseServersToolsetsAndTools() throws Exception {
        assertThat(names(sent(Bodies.ask("plain", tools(mcp("weather", ""))))))
                .containsExactly(WEATHER);
        assertThat(names(sent(Bodies.ask("plain", tools(mcp("notebook", ""))))))
                .containsExactly(NOTES);
        var one =
                mcp("notes", ",\"allowed_tools\":[\"list_notes\"],\"require_approval\":\"never\"");
        assertThat(names(sent(Bodies.ask("agent", tools(one)))))
                .containsExactly("notes__list_notes");
        var reading = mcp("notes", ",\"allowed_tools\":{\"read_only\":true}");
        assertThat(names(sent(Bodies.ask("agent", tools(reading)))))
                .containsExactly("notes__list_notes");
    }

    @Test
    void headerAndEntriesNarrowEachOther() throws Exception {
        var body = Bodies.ask("plain", tools(mcp("weather", ""), mcp("notes", "")));
        assertThat(names(sent(body, "X-Sallyport-Toolsets", "notebook"))).containsExactly(NOTES);
    }

    @Test
    void theClientsFunctionsComeFirstAndStay() throws Exception {
        var request = sent(Bodies.ask("agent", tools(Bodies.function("mine"), mcp("weather", ""))));
        assertThat(names(request)).containsExactly("mine", WEATHER[0], WEATHER[1]);
    }

    @Test
    void toolChoiceNoneInjectsNothing() throws Exception {
        var without = sent(Bodies.ask("agent", "\"tool_choice\":\"none\""));
        assertThat(without.has("tools")).isFalse();
        var body = tools(Bodies.function("mine"), mcp("weather", "")) + ",\"tool_choice\":\"none\"";
        assertThat(names(sent(Bodies.ask("agent", body)))).containsExactly("mine");
    }

    @Test
    void aDefaultThatComesToNothingIsSaid() throws Exception {
        try (var server = ChatServer.of(Tenant.at(model.endpoint()))) {
            var answer = server.chat(Bodies.ask("lonely", ""));

            assertThat(answer.text()).isEqualTo("Hi");
            assertThat(answer.report().path("warnings").path(0).asString())
                    .isEqualTo("no_tools_available");
        }
    }

    @Test
    void moreThan128ToolsAreRefused() throws Exception {
        assertThat(names(sent(it -> it.withTools(123), Bodies.ask("agent", "")))).hasSize(128);
        try (var server = ChatServer.of(Tenant.at(model.endpoint()).withTools(124))) {
            var answer = server.chat(Bodies.ask("agent", ""));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("too_many_tools");
        }
    }
}
