package io.sallyport.chat;

import static io.sallyport.chat.OddText.END;
import static io.sallyport.chat.OddText.call;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads of a stream that are no chunks: before the end of the answer and behind it. */
class StrayPayloadTest {
    private static final String STOP = "'delta':{},'finish_reason':'stop'";

    /** A7, A11: what can hold nothing of an answer, wherever it comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "keep-alive",
                "null",
                "true",
                "42",
                "'ok'",
                "[]",
                "DONE",
                "[done]",
                "[null]",
                ": OPENROUTER PROCESSING"
            })
    void strayPayloadsAreSkipped(String payload) throws Exception {
        var stray = OddProvider.event(payload);
        var chunks = OddProvider.events("'delta':{'content':'Hi'}", STOP).split("(?<=\n\n)");
        var stream = stray + chunks[0] + stray + chunks[1] + stray;
        for (var end : List.of("", OddProvider.DONE, "data: '[DONE]'\n\n", "data: '[DONE]'")) {
            for (var model : List.of("agent", "plain")) {
                try (var odd = OddProvider.streaming(stream + end)) {
                    var body = odd.askAnyhow(model).body();
                    assertThat(body).contains("Hi").endsWith(OddProvider.DONE);
                    assertThat(StreamGrammar.payloads(body))
                            .doesNotContain(payload.replace('\'', '"'));
                }
            }
        }
    }

    /** A4, A7. */
    @ParameterizedTest
    @ValueSource(strings = {"'[DONE]'", "  '[DONE]' ", "[DONE]"})
    void whatEndsAStreamMayBeQuoted(String end) throws Exception {
        var delta = "'delta':{" + call(",'arguments':''") + "}";
        var stream = OddProvider.events(delta) + "data: " + end + "\n\n";
        try (var odd = OddProvider.streaming(stream)) {
            assertThat(odd.ask(true).text()).isEqualTo("Done.");
            assertThat(odd.calls()).containsExactly("get_alerts {}");
        }
    }

    /** A7: nothing behind the end takes anything from the answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[",
                "[{'choices':[]}]",
                "{'a':1,'a':2}",
                "{'choices':[{'delta':{'tool_calls':[1]}}]}",
                "<p>{}</p>"
            })
    void whatCannotBeReadBehindTheEndIsSkipped(String payload) throws Exception {
        var usage = "{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':4}}";
        var events =
                OddProvider.events("'delta':{" + call(",'arguments':'{}'") + "}", END)
                        + OddProvider.event(payload)
                        + OddProvider.event(usage)
                        + OddProvider.DONE;
        try (var odd = OddProvider.streaming(events)) {
            var answer = odd.ask(true);
            assertThat(odd.calls()).containsExactly("get_alerts {}");
            assertThat(answer.text()).isEqualTo("Done.");
            assertThat(answer.usage().path("prompt_tokens").asInt()).isEqualTo(3);
        }
    }

    /** A11: what could be a piece of the answer is missed, and so is an answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: nonsense\n\n",
                "data: nonsense\n\ndata: [DONE]\n\n",
                "data: null\n\ndata: '[DONE]'\n\n",
                "CHUNKdata: {'choices':[\n\nFINISH",
                "CHUNKdata: [{'choices':[]}]\n\nFINISH",
                "CHUNKdata: '{}'\n\nFINISH",
                "CHUNKMANYFINISH",
                "CHUNKdata: nonsense\n\n"
            })
    void aStreamOfGarbageIsNoAnswer(String stream) throws Exception {
        var events =
                stream.replace("CHUNK", OddProvider.events("'delta':{" + call("") + "}"))
                        .replace("FINISH", OddProvider.events(END) + OddProvider.DONE)
                        .replace("MANY", "data: keep-alive\n\n".repeat(1_001));
        try (var odd = OddProvider.streaming(events)) {
            assertThat(odd.ask(true).errorCode()).startsWith("upstream_");
            assertThat(odd.calls()).isEmpty();
        }
    }
}
