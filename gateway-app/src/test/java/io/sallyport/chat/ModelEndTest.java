package io.sallyport.chat;

import static io.sallyport.chat.OddText.END;
import static io.sallyport.chat.OddText.call;
import static io.sallyport.chat.OddText.fragment;
import static io.sallyport.chat.OddText.function;
import static io.sallyport.chat.OddText.whole;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ends of answers and of streams as providers really write them. */
class ModelEndTest {
    private static final String STOP = "'delta':{},'finish_reason':'stop'";

    private static void runs(OddProvider odd, boolean stream, String... calls) throws Exception {
        try (odd) {
            assertThat(odd.ask(stream).text()).endsWith("Done.");
            assertThat(odd.calls()).containsExactlyInAnyOrder(calls); // reading calls run together
        }
    }

    /** A4: whatever word a model ends with, its calls run and the client reads one of OpenAI's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tool_use'",
                "'TOOL_CALLS'",
                "'function_call'",
                "'end_turn'",
                "'eos'",
                "'STOP'",
                "'stop_sequence'",
                "'completed'",
                "'FinishReason.TOOL_CALL'",
                "'wat?'",
                "'Tool Calls'",
                "'end of turn'",
                "'<|im_end|>'",
                "null",
                "''"
            })
    void anyWordIsAnEnd(String word) throws Exception {
        var finish = ",'finish_reason':" + word;
        var delta = "'delta':{" + call(",'arguments':'{\\'n\\':1}'") + "}";
        runs(
                OddProvider.whole(whole(call(",'arguments':'{\\'n\\':1}'"), finish)),
                false,
                "get_alerts {\"n\":1}");
        runs(OddProvider.choices(delta + finish), true, "get_alerts {\"n\":1}");
        runs(OddProvider.choices(delta, "'delta':{}" + finish), true, "get_alerts {\"n\":1}");
        try (var odd = OddProvider.whole(whole("'content':'Hi'", finish))) {
            assertThat(odd.ask(false).finish()).isEqualTo("stop");
        }
        try (var odd = OddProvider.choices("'delta':{'content':'Hi'}", "'delta':{}" + finish)) {
            var answer = odd.ask(true);
            assertThat(answer.text()).isEqualTo("Hi");
            assertThat(answer.finish()).isEqualTo("stop");
        }
    }

    /** A4: words that say that the answer is not whole are known in every spelling. */
    @ParameterizedTest
    @CsvSource({
        "length, length",
        "max_tokens, length",
        "MAX_TOKENS, length",
        "model_context_window_exceeded, length",
        "max-output-tokens, length",
        "time_limit, length",
        "not_finished, length",
        "TOO_MANY_TOOL_CALLS, length",
        "MALFORMED_RESPONSE, length",
        "malformed_tool_use, length",
        "USER_CANCEL, length",
        "FinishReason.OTHER, length",
        "quota_limit_hit, length",
        "maxTokens, length",
        "OutputLimit.NONE, length",
        "truncated.stop, length",
        "content_filter, content_filter",
        "SAFETY, content_filter",
        "refusal, content_filter"
    })
    void nothingOfAnIncompleteAnswerRuns(String word, String told) throws Exception {
        var finish = ",'finish_reason':'" + word + "'";
        var call = call(",'arguments':'{\\'n\\':1}'");
        for (var stream : new boolean[] {false, true}) {
            try (var odd =
                    stream
                            ? OddProvider.choices("'delta':{" + call + "}" + finish)
                            : OddProvider.whole(whole(call, finish))) {
                var answer = odd.ask(stream);
                assertThat(odd.calls()).isEmpty();
                assertThat(answer.finish()).isEqualTo(told);
                assertThat(answer.body()).doesNotContain("get_alerts");
            }
        }
    }

    /** A4: what is no word is judged as a whole, and never a clean end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Output truncated: max_tokens reached.",
                "length: 4096 of 4096 v1.0",
                "All is well. Really.",
                "we had to stop, sorry",
                "stop; some of it is missing",
                "stop\u00a0early",
                "\u8f93\u51fa\u88ab\u622a\u65ad",
                "...",
                "\u200b",
                "stop_stop_stop_stop_stop_stop_stop_stop_stop_stop_stop_stop_stop_stop"
            })
    void nothingRunsOfAnAnswerThatEndsWithASentence(String sentence) throws Exception {
        var finish = ",'finish_reason':'" + sentence + "'";
        for (var arguments : List.of("", ",'arguments':'{\\'n\\':1}'")) {
            var delta = "'delta':{" + call(arguments) + "}";
            for (var odd :
                    List.of(
                            OddProvider.whole(whole(call(arguments), finish)),
                            OddProvider.choices(delta + finish),
                            OddProvider.choices(delta, "'delta':{}" + finish),
                            OddProvider.streaming(OddProvider.events(delta + finish)))) {
                try (odd) {
                    assertThat(odd.askAsItAnswers().finish()).isEqualTo("length");
                    assertThat(odd.calls()).isEmpty();
                }
            }
        }
    }

    /** A4: a sentence that tells of a failure is one. */
    @ParameterizedTest
    @ValueSource(
            strings = {"error.", "Internal error. Please retry", "Timeout: 30 s", "Status.FAILED"})
    void aSentenceThatTellsOfAFailureIsOne(String sentence) throws Exception {
        var finish = ",'finish_reason':'" + sentence + "'";
        var delta = "'delta':{" + call(",'arguments':'{\\'n\\':1}'") + "}";
        for (var odd :
                List.of(
                        OddProvider.whole(whole(call(""), finish)),
                        OddProvider.choices(delta, "'delta':{}" + finish))) {
            try (odd) {
                assertThat(odd.askAsItAnswers().errorCode()).isEqualTo("upstream_error");
                assertThat(odd.calls()).isEmpty();
            }
        }
    }

    /** A4: a whole answer has no more calls than a streamed one may have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'function':{'name':'weather__get_alerts'}}",
                "{'id':'a','type':'function','function':{'name':'notes__list_notes'}}",
                "{}"
            })
    void noWholeAnswerHasMoreCallsThanAModelWrites(String call) throws Exception {
        for (var more : List.of(call, "null")) {
            var calls = "'tool_calls':[" + (call + ",").repeat(1_000) + more + "]";
            try (var odd = OddProvider.whole(whole(calls, ",'finish_reason':'tool_calls'"))) {
                var answer = odd.askAnyhow("agent", false);
                var fits = more.equals("null");
                assertThat(answer.body().contains("response_too_large")).isEqualTo(!fits);
                assertThat(odd.requests()).isEqualTo(fits ? 2 : 1);
            }
        }
    }

    /** A4. */
    @ParameterizedTest
    @ValueSource(strings = {"error", "insufficient_system_resource", "MALFORMED_FUNCTION_CALL"})
    void aProviderThatSaysThatItFailedHasFailed(String word) throws Exception {
        var finish = ",'finish_reason':'" + word + "'";
        try (var odd = OddProvider.whole(whole(call(""), finish))) {
            assertThat(odd.ask(false).errorCode()).isEqualTo("upstream_error");
            assertThat(odd.calls()).isEmpty();
        }
    }

    /** A4: calls in the places of older APIs are calls. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'function_call':{'name':'weather__get_alerts','arguments':'{}'}",
                "'tool_calls':{'id':'a','function':{'name':'weather__get_alerts','arguments':'{}'}}",
                "'tool_calls':[null,{'function':{'name':'weather__get_alerts','arguments':'{}'}}]",
                "'tool_calls':[],'function_call':{'name':'weather__get_alerts','arguments':'{}'}",
                "'tool_calls':[null],'function_call':{'name':'weather__get_alerts','arguments':'{}'}",
                "'tool_calls':{},'function_call':{'name':'weather__get_alerts','arguments':'{}'}",
                "'function_call':{'name':'weather__get_alerts','arguments':{}},'tool_calls':''"
            })
    void noCallIsDroppedSilently(String calls) throws Exception {
        runs(OddProvider.whole(whole(calls, "")), false, "get_alerts {}");
        runs(OddProvider.choices("'delta':{" + calls + "}", END), true, "get_alerts {}");
    }

    /** A4: nothing in the place of calls is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tool_calls':[],'function_call':null",
                "'tool_calls':{}",
                "'tool_calls':[null],'function_call':{}"
            })
    void nothingInThePlaceOfCallsIsNone(String calls) throws Exception {
        var message = "'content':'Hi'," + calls;
        for (var odd :
                List.of(
                        OddProvider.whole(whole(message, "")),
                        OddProvider.choices("'delta':{" + message + "}", STOP))) {
            try (odd) {
                var answer = odd.askAsItAnswers();
                assertThat(answer.text()).isEqualTo("Hi");
                assertThat(answer.finish()).isEqualTo("stop");
            }
        }
    }

    private static final String CUT_STREAM =
            OddProvider.events(
                            "'delta':{'role':'assistant','content':''}",
                            fragment(
                                    "'index':0,'id':'a',"
                                            + function("'name':'notes__delete_note'")),
                            fragment("'index':0," + function("'arguments':'{\\'id\\''")),
                            fragment("'index':0," + function("'arguments':':17}'")),
                            END)
                    + OddProvider.DONE;

    /** A4: a connection that closes in order, at every byte. */
    @Test
    void whatIsCutAnywhereRunsOnlyIfItsArgumentsAreWhole() throws Exception {
        var whole =
                CUT_STREAM.indexOf(":17}")
                        + CUT_STREAM.substring(CUT_STREAM.indexOf(":17}")).indexOf("\n");
        for (int cut = 0; cut < CUT_STREAM.length(); cut++) {
            try (var odd = OddProvider.streaming(CUT_STREAM.substring(0, cut))) {
                var answer = odd.ask(true);
                if (cut < whole) {
                    assertThat(odd.calls()).as("cut at " + cut).isEmpty();
                    assertThat(answer.errorCode()).startsWith("upstream_");
                } else {
                    assertThat(odd.calls())
                            .as("cut at " + cut)
                            .containsExactly("delete_note {\"id\":17}");
                }
            }
        }
    }

    /** A4: a body whose end nobody tells, and one that is shorter than it says, at every byte. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrokenBodyRunsNothingBeforeItsEndWasSaid(boolean announced) throws Exception {
        int finish = CUT_STREAM.indexOf("'finish_reason'".replace('\'', '"'));
        int said = CUT_STREAM.indexOf("\n", finish) + (announced ? 2 : 0);
        for (int cut = 0; cut < CUT_STREAM.length(); cut += 3) {
            var head =
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                            + (announced ? "content-length: " + CUT_STREAM.length() + "\r\n" : "")
                            + "connection: close\r\n\r\n";
            var bytes = (head + CUT_STREAM.substring(0, cut)).getBytes(StandardCharsets.UTF_8);
            try (var provider = RawSocket.answering(bytes);
                    var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
                server.chat(Bodies.ask("agent", true));
                assertThat(server.gate.names().isEmpty()).as("cut at " + cut).isEqualTo(cut < said);
            }
        }
    }

    /** A7, as without server tools. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data:  [DONE] ",
                "data: [DONE]",
                "data: [DONE]\r\n",
                ": end",
                "data: {"
            })
    void aStreamThatClosesBehindItsFinishIsWhole(String end) throws Exception {
        var events = OddProvider.events("'delta':{'content':'Hi'}", STOP);
        try (var odd = OddProvider.streaming(events + end)) {
            var answer = odd.ask(true);
            assertThat(answer.text()).isEqualTo("Hi");
            assertThat(answer.finish()).isEqualTo("stop");
        }
    }

    /** A7: events that say nothing. */
    @Test
    void silentEventsAreSkipped() throws Exception {
        var silence =
                "data:\n\nevent: ping\ndata: {'type':'ping'}\n\n: note\n\ndata: \n\nid: 7\n\n";
        var events = silence + OddProvider.events("'delta':{'content':'Hi'}", STOP) + silence;
        for (var model : List.of("agent", "plain")) {
            try (var odd = OddProvider.streaming(events)) {
                assertThat(odd.askAnyhow(model).body())
                        .contains("Hi", "[DONE]")
                        .doesNotContain("ping");
            }
        }
    }
}
