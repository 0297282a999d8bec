package io.sallyport.chat;

import static io.sallyport.chat.OddText.END;
import static io.sallyport.chat.OddText.fragment;
import static io.sallyport.chat.OddText.function;
import static io.sallyport.chat.OddText.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Server tools and tools of the client in one conversation. */
class MixedTurnTest {
    private static final String MINE =
            "\"tools\":[" + Bodies.function("paint") + "," + Bodies.function("sing") + "]";

    private static String body(boolean stream) {
        return Bodies.ask("agent", stream ? MINE + "," + Bodies.STREAM : MINE);
    }

    /** The calls as a client puts them together, {@code name arguments} each. */
    private static List<String> calls(Answer answer) {
        var calls = new ArrayList<String>();
        if (!answer.isStream()) {
            answer.message()
                    .path("tool_calls")
                    .forEach(it -> calls.add(part(it, "name") + " " + part(it, "arguments")));
            return calls;
        }
        for (var chunk : answer.chunks()) {
            Answer.delta(chunk).path("tool_calls").forEach(it -> add(calls, it));
        }
        return calls;
    }

    private static void add(List<String> calls, JsonNode fragment) {
        int index = fragment.path("index").asInt();
        if (index == calls.size()) {
            calls.add(part(fragment, "name") + " ");
        }
        calls.set(index, calls.get(index) + part(fragment, "arguments"));
    }

    private static String part(JsonNode call, String member) {
        return call.path("function").path(member).asString("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theServerCallsRunAndTheClientGetsOnlyItsOwn(boolean stream) throws Exception {
        try (var loop =
                Loop.of(
                        Round.says("Working.")
                                .and("weather__get_forecast", "{\"city\":\"Oslo\"}")
                                .and("paint", "{\"colour\":\"very red\"}")
                                .and("weather__get_alerts", "{}")
                                .and("sing", "{\"n\":2}"))) {
            var answer = loop.server().chat(body(stream));

            assertThat(loop.server().gate.names())
                    .containsExactlyInAnyOrder("weather__get_forecast", "weather__get_alerts");
            assertThat(calls(answer))
                    .containsExactly("paint {\"colour\":\"very red\"}", "sing {\"n\":2}");
            assertThat(answer.finish()).isEqualTo("tool_calls");
            assertThat(answer.text()).isEqualTo("Working.");
            assertThat(loop.model().requests()).hasSize(1);
            assertThat(answer.report().path("tool_calls")).hasSize(2);
        }
    }

    /** A2: whatever the model makes of ids, the client gets one for each of its calls. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'id':null,",
                "'id':'',",
                "'id':' ',",
                "'id':3,",
                "'id':'same',",
                "'id':['a'],"
            })
    void eachStreamedCallOfTheClientsHasAnIdOfItsOwn(String id) throws Exception {
        for (var index : List.of("'index':0,", "'index':1,", "")) {
            var second = index.replace('0', '2');
            try (var odd =
                    OddProvider.choices(
                            fragment(index + id + function("'name':'paint','arguments':'{\\'n'")),
                            fragment(index + function("'arguments':'\\':1}'")),
                            fragment(
                                    second
                                            + id
                                            + function("'name':'sing','arguments':'{\\'n\\':'")),
                            fragment(second + "'id':'late'," + function("'arguments':'2}'")),
                            END)) {
                var answer = odd.server().chat(body(true));
                assertThat(calls(answer)).containsExactly("paint {\"n\":1}", "sing {\"n\":2}");
                assertThat(ids(answer))
                        .hasSize(2)
                        .doesNotHaveDuplicates()
                        .noneMatch(String::isBlank);
            }
        }
    }

    /** A2: clients read what kind of call it is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'function':{'name':'paint','arguments':'{}'} | function",
                "'type':null,'function':{'name':'paint','arguments':'{}'} | function",
                "'type':'','function':{'name':'paint','arguments':'{}'} | function",
                "'type':' ','function':{'name':'paint','arguments':'{}'} | function",
                "'type':1,'function':{'name':'paint','arguments':'{}'} | function",
                "'custom':{'name':'paint','input':'red'} | custom",
                "'type':'','custom':{'name':'paint','input':'red'} | custom",
                "'type':false,'custom':{'name':'paint','input':'red'} | custom"
            })
    void eachCallOfTheClientsHasAType(String call, String type) throws Exception {
        var calls = "'tool_calls':[{'id':'a'," + call + "}]";
        try (var odd = OddProvider.whole(whole(calls, ""))) {
            var shown = odd.server().chat(body(false)).message().at("/tool_calls/0");
            assertThat(shown.path("type").asString()).isEqualTo(type);
            assertThat(shown.path(type).path("name").asString()).isEqualTo("paint");
        }
        try (var odd = OddProvider.choices("'delta':{" + calls + "}", END)) {
            var shown = odd.streamedAnyhow(MINE);
            assertThat(shown).contains("\"type\":\"" + type + "\",\"" + type + "\":{");
        }
    }

    private static List<String> ids(Answer answer) {
        return answer.chunks().stream()
                .flatMap(it -> Answer.delta(it).path("tool_calls").valueStream())
                .filter(it -> it.has("id"))
                .map(it -> it.path("id").asString(""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTurnOfTheClientsAloneAfterARoundOfTheServers(boolean stream) throws Exception {
        try (var loop =
                Loop.of(
                        Round.calls("weather__get_forecast", "{}").costing(3, 1),
                        Round.calls("paint", "{}").costing(4, 1))) {
            var answer = loop.server().chat(body(stream));

            assertThat(calls(answer)).containsExactly("paint {}");
            assertThat(answer.finish()).isEqualTo("tool_calls");
            assertThat(answer.usage().path("prompt_tokens").asInt()).isEqualTo(7);
        }
    }

    @Test
    void theClientsFollowUpGoesOnFromItsOwnHistory() throws Exception {
        var followUp =
                """
                {"model":"agent","messages":[{"role":"user","content":"go"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
                  "function":{"name":"paint","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"c1","content":"painted"}],%s}\
                """
                        .formatted(MINE);
        try (var loop = Loop.of(Round.says("unused"), Round.says("Painted."))) {
            assertThat(loop.server().chat(followUp).text()).isEqualTo("Painted.");
            assertThat(loop.server().gate.names()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requiredHoldsForTheFirstRoundOnly(boolean stream) throws Exception {
        var body = body(stream).replaceFirst("\\{", "{\"tool_choice\":\"required\",");
        try (var loop = Loop.of(Round.calls("weather__get_forecast", "{}"), Round.says("Done."))) {
            loop.server().chat(body);

            var choices =
                    loop.model().requests().stream()
                            .map(it -> Answer.parse(it).path("tool_choice").asString())
                            .toList();
            assertThat(choices).containsExactly("required", "auto");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyTheLastTextIsShownWhereJsonIsWanted(boolean stream) throws Exception {
        var body =
                body(stream)
                        .replaceFirst("\\{", "{\"response_format\":{\"type\":\"json_object\"},");
        try (var loop =
                Loop.of(
                        Round.says("Let me look.").and("weather__get_forecast", "{}"),
                        Round.says("{\"rain\":true}"))) {
            assertThat(loop.server().chat(body).text()).isEqualTo("{\"rain\":true}");
        }
    }
}
