package io.sallyport.chat;

import static io.sallyport.chat.OddText.END;
import static io.sallyport.chat.OddText.call;
import static io.sallyport.chat.OddText.fragment;
import static io.sallyport.chat.OddText.function;
import static io.sallyport.chat.OddText.whole;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls and contents as models really write them. */
class ModelSpellingTest {

    /** The arguments that went back to the provider. */
    private static JsonNode sent(OddProvider odd) throws InterruptedException {
        return odd.messages().at("/1/tool_calls/0/function/arguments");
    }

    private static void runs(OddProvider odd, boolean stream, String... calls) throws Exception {
        try (odd) {
            assertThat(odd.ask(stream).text()).endsWith("Done.");
            assertThat(odd.calls()).containsExactlyInAnyOrder(calls); // reading calls run together
        }
    }

    /** A1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",'arguments':null",
                ",'arguments':''",
                ",'arguments':'   '",
                ",'arguments':' \\n\\t'",
                ",'arguments':'null'",
                ",'arguments':' null '",
                ",'arguments':{}"
            })
    void emptyArgumentsAreTheEmptyObject(String arguments) throws Exception {
        var delta = "'delta':{" + call(arguments) + "}";
        try (var odd = OddProvider.whole(whole(call(arguments), ""))) {
            odd.ask(false);
            assertThat(odd.calls()).containsExactly("get_alerts {}");
            assertThat(sent(odd).asString()).isEqualTo("{}");
        }
        try (var odd = OddProvider.choices(delta)) {
            odd.ask(true);
            assertThat(odd.calls()).containsExactly("get_alerts {}");
            assertThat(sent(odd).asString()).isEqualTo("{}");
        }
    }

    /** A1: in an answer that was cut nothing stands for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",'arguments':''", ",'arguments':{}", ",'arguments':'null'"})
    void emptyArgumentsOfACutAnswerAreNothing(String arguments) throws Exception {
        try (var odd =
                OddProvider.streaming(OddProvider.events("'delta':{" + call(arguments) + "}"))) {
            assertThat(odd.ask(true).errorCode()).isEqualTo("upstream_error");
            assertThat(odd.calls()).isEmpty();
        }
    }

    /** A3. */
    @ParameterizedTest
    @ValueSource(strings = {"{'city':'Oslo','n':1.10}", "{'a':{'b':[1,null]}}", "[1]"})
    void argumentsAsATreeAreItsText(String tree) throws Exception {
        var text = tree.replace('\'', '"');
        try (var odd = OddProvider.whole(whole(call(",'arguments':" + tree), ""))) {
            odd.ask(false);
            assertThat(odd.calls()).containsExactly("get_alerts " + text);
            assertThat(sent(odd).isString()).isTrue();
            assertThat(sent(odd).asString()).isEqualTo(text);
        }
        try (var odd = OddProvider.choices("'delta':{" + call(",'arguments':" + tree) + "}", END)) {
            odd.ask(true);
            assertThat(odd.calls()).containsExactly("get_alerts " + text);
            assertThat(sent(odd).asString()).isEqualTo(text);
        }
    }

    /** A1, A3: an empty object, in whatever spelling, before the arguments in pieces. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'{}'",
                "{}",
                "' { } '",
                "'{\\n}'",
                "'{'|'}'",
                "'{}'|'{}'",
                "''|'{}'|' '",
            })
    void anEmptyObjectBeforeTheArgumentsIsNotOfThem(String before) throws Exception {
        for (var index : List.of("'index':0,", "")) {
            var choices = new ArrayList<String>();
            choices.add(fragment(index + "'id':'a'," + function("'name':'weather__get_alerts'")));
            for (var piece : before.split("\\|")) {
                choices.add(fragment(index + function("'arguments':" + piece)));
            }
            choices.add(fragment(index + function("'arguments':' {\\'city\\':'")));
            choices.add(fragment(index + function("'arguments':'7}'")));
            choices.add(END);
            runs(
                    OddProvider.choices(choices.toArray(String[]::new)),
                    true,
                    "get_alerts  {\"city\":7}");
        }
    }

    /** A1: an object with members is no placeholder, and one payload has one value. */
    @ParameterizedTest
    @ValueSource(strings = {"'{\\'a\\':1}'", "'{}{\\'a\\':1}'", "'[]'", "'{},'"})
    void nothingElseBeforeTheArgumentsIsForgotten(String before) throws Exception {
        var begin = "'index':0,'id':'a'," + function("'name':'weather__get_alerts','arguments':");
        var begun = begin.substring(0, begin.length() - 1) + before + "}";
        try (var odd =
                OddProvider.choices(
                        fragment(begun),
                        fragment("'index':0," + function("'arguments':'{\\'city\\':7}'")),
                        END)) {
            odd.ask(true);
            assertThat(odd.calls())
                    .singleElement()
                    .asString()
                    .endsWith(before.replace("\\'", "\"").replace("'", "") + "{\"city\":7}");
        }
    }

    /** A2. */
    @Test
    void fragmentsWithoutAPlaceGoOnWithTheLastCall() throws Exception {
        for (var index : List.of("", "'index':null,", "'index':'0',", "'index':0,", "'index':7,")) {
            runs(
                    OddProvider.choices(
                            fragment(
                                    index + "'id':'a'," + function("'name':'weather__get_alerts'")),
                            fragment(index + function("'arguments':'{\\'n\\''")),
                            fragment(
                                    index
                                            + "'id':null,"
                                            + function("'name':null,'arguments':':1'")),
                            fragment(index + "'id':''," + function("'arguments':'}'")),
                            END),
                    true,
                    "get_alerts {\"n\":1}");
        }
    }

    /** A2: the id, the name or both in each fragment. */
    @Test
    void fragmentsMayRepeatWhoTheyAre() throws Exception {
        var name = "'name':'weather__get_alerts',";
        for (var index : List.of("", "'index':0,")) {
            for (var head : List.of("'id':'a',", "")) {
                runs(
                        OddProvider.choices(
                                fragment(index + head + function(name + "'arguments':''")),
                                fragment(index + head + function(name + "'arguments':'{\\'n\\':'")),
                                fragment(index + head + function(name + "'arguments':'1}'")),
                                END),
                        true,
                        "get_alerts {\"n\":1}");
            }
        }
    }

    /** A2: an id of its own in each fragment, and a number that counts fragments. */
    @Test
    void fragmentsMayCountThemselves() throws Exception {
        runs(
                OddProvider.choices(
                        fragment("'index':0,'id':'x1'," + function("'name':'weather__get_alerts'")),
                        fragment("'index':0,'id':'x2'," + function("'arguments':'{\\'n\\':'")),
                        fragment("'index':0,'id':'x3'," + function("'arguments':'1}'")),
                        END),
                true,
                "get_alerts {\"n\":1}");
        runs(
                OddProvider.choices(
                        fragment("'index':0,'id':'a'," + function("'name':'weather__get_alerts'")),
                        fragment("'index':1," + function("'arguments':'{\\'n\\':'")),
                        fragment("'index':2," + function("'arguments':'1}'")),
                        END),
                true,
                "get_alerts {\"n\":1}");
    }

    /** A2: a new id with a name begins a call, wherever it says that it stands. */
    @ParameterizedTest
    @ValueSource(strings = {"'index':0,", "", "'index':null,", "'index':'0',"})
    void aNewIdWithANameIsANewCall(String index) throws Exception {
        var one = "'id':'a'," + function("'name':'weather__get_alerts','arguments':'{\\'n\\':1}'");
        var two = "'id':'b'," + function("'name':'weather__get_forecast','arguments':''");
        runs(
                OddProvider.choices(
                        fragment(index + one),
                        fragment(index + two),
                        fragment(index + function("'arguments':'{\\'n\\':2}'")),
                        END),
                true,
                "get_alerts {\"n\":1}",
                "get_forecast {\"n\":2}");
        runs(
                OddProvider.choices(fragment(index + one + "},{" + index + two), END),
                true,
                "get_alerts {\"n\":1}",
                "get_forecast {}");
    }

    /** A2: whole calls that have neither numbers nor ids. */
    @Test
    void wholeCallsNeedNeitherNumberNorId() throws Exception {
        var call = function("'name':'weather__get_alerts','arguments':'{\\'n\\':%d}'");
        for (var index : List.of("", "'index':0,")) {
            runs(
                    OddProvider.choices(
                            fragment(index + call.formatted(1) + "},{" + index + call.formatted(2)),
                            fragment(index + call.formatted(3)),
                            END),
                    true,
                    "get_alerts {\"n\":1}",
                    "get_alerts {\"n\":2}",
                    "get_alerts {\"n\":3}");
        }
    }

    /** A2: fragments of two calls in turns, told apart by their ids alone. */
    @Test
    void fragmentsInTurnsAreToldApartByTheirIds() throws Exception {
        runs(
                OddProvider.choices(
                        fragment("'index':0,'id':'a'," + function("'name':'weather__get_alerts'")),
                        fragment(
                                "'index':0,'id':'b'," + function("'name':'weather__get_forecast'")),
                        fragment("'index':0,'id':'a'," + function("'arguments':'{\\'n\\':'")),
                        fragment("'index':0,'id':'b'," + function("'arguments':'{\\'n\\':'")),
                        fragment("'index':0,'id':'a'," + function("'arguments':'1}'")),
                        fragment("'index':0,'id':'b'," + function("'arguments':'2}'")),
                        END),
                true,
                "get_alerts {\"n\":1}",
                "get_forecast {\"n\":2}");
    }

    /** A5. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'type':'text','text':'Hel'},{'type':'text','text':'lo'}]",
                "[{'type':'output_text','text':'Hello'}]",
                "[{'type':'thinking','thinking':'Hm'},{'type':'text','text':'Hello'}]",
                "[{'type':'refusal','refusal':'Hello'}]",
                "['Hel','lo']",
                "[{'text':'Hello'}]",
                "{'type':'text','text':'Hello'}",
                "'Hello'"
            })
    void textPartsAreTheContent(String content) throws Exception {
        try (var odd = OddProvider.whole(whole("'content':" + content, ""))) {
            var answer = odd.ask(false);
            assertThat(answer.text()).isEqualTo("Hello");
            assertThat(answer.message().path("content").isString()).isTrue();
        }
        for (var member : List.of("'delta'", "'message'")) {
            try (var odd = OddProvider.choices(member + ":{'content':" + content + "}", STOP)) {
                assertThat(odd.ask(true).text()).isEqualTo("Hello");
            }
        }
    }

    private static final String STOP = "'delta':{},'finish_reason':'stop'";

    /** A5. */
    @Test
    void thoughtsGoBackToTheModel() throws Exception {
        var thought = "{'type':'thinking','thinking':[{'type':'text','text':'%s'}]}";
        var delta =
                List.of(
                        "'delta':{'content':[" + thought.formatted("a") + "]}",
                        "'delta':{'content':[" + thought.formatted("b") + "]}",
                        "'delta':{'content':[{'type':'text','text':'I '}]}",
                        "'delta':{'content':'look.'}",
                        "'delta':{" + call(",'arguments':'{}'") + "}",
                        END);
        try (var odd = OddProvider.choices(delta.toArray(String[]::new))) {
            var answer = odd.ask(true);
            assertThat(answer.text()).isEqualTo("I look.\n\nDone.");
            assertThat(answer.body()).doesNotContain("x_sallyport_parts");
            assertThat(odd.messages().at("/1/content"))
                    .isEqualTo(
                            Answer.parse(
                                    ("["
                                                    + thought.formatted("ab")
                                                    + ",{'type':'text','text':'I look.'}]")
                                            .replace('\'', '"')));
        }
        var content =
                "'content':[" + thought.formatted("a") + ",{'type':'text','text':'I look.'}],";
        try (var odd = OddProvider.whole(whole(content + call(",'arguments':'{}'"), ""))) {
            assertThat(odd.ask(false).text()).isEqualTo("I look.\n\nDone.");
            assertThat(odd.messages().at("/1/content/0/thinking/0/text").asString()).isEqualTo("a");
        }
    }

    /** A6. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'reasoning.text','text':'a','index':0} ; {'type':'reasoning.text','text':'b','index':0,'signature':'s'}"
                        + " | {'type':'reasoning.text','text':'ab','index':0,'signature':'s'}",
                "{'index':1,'type':'x','summary':'a'},{'index':2,'type':'x','data':'q'} ; {'index':1,'summary':'b'}"
                        + " | {'index':1,'type':'x','summary':'ab'},{'index':2,'type':'x','data':'q'}",
                "{'type':'thinking','thinking':'a','signature':''} ; {'type':'thinking','thinking':'b','signature':'s'} ; {'type':'thinking','thinking':'c'}"
                        + " | {'type':'thinking','thinking':'ab','signature':'s'},{'type':'thinking','thinking':'c'}",
                "{'type':'url_citation','url':'a'} ; {'type':'url_citation','url':'b'}"
                        + " | {'type':'url_citation','url':'a'},{'type':'url_citation','url':'b'}",
                "1 ; 2,3 | 1,2,3",
                "'a' ; 'a' | 'a','a'",
            })
    void listsGrow(String pieces, String whole) throws Exception {
        var choices = new ArrayList<String>();
        for (var piece : pieces.split(" ; ")) {
            choices.add("'delta':{'details':[" + piece + "]}");
        }
        choices.add("'delta':{" + call(",'arguments':'{}'") + "}");
        choices.add(END);
        try (var odd = OddProvider.choices(choices.toArray(String[]::new))) {
            odd.askAnyhow("agent");
            assertThat(odd.messages().at("/1/details"))
                    .isEqualTo(Answer.parse(("[" + whole + "]").replace('\'', '"')));
        }
    }

    /** A2, A6: parts cost many times what they are written with. */
    @ParameterizedTest
    @ValueSource(strings = {"'details':[{'a':1}]", "'tool_calls':[{'id':'ID'}]"})
    void noAnswerHasMorePartsThanAModelWrites(String part) throws Exception {
        var choices = new ArrayList<String>();
        for (int i = 0; i <= 10_000; i++) {
            choices.add("'delta':{" + part.replace("ID", "c" + i) + "}");
        }
        choices.add(END);
        try (var odd = OddProvider.choices(choices.toArray(String[]::new))) {
            assertThat(odd.askAnyhow("agent").body()).contains("response_too_large");
            assertThat(odd.calls()).isEmpty();
        }
    }

    /** B8: half a character that stays alone is shown as one that cannot be read. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\ud83d", "\\ude42b", "\\ud83d \\ude42", "x\\uDBFFy"})
    void halfACharacterBreaksNothing(String text) throws Exception {
        var shown = text.replaceAll("\\\\u[dD]...", "\ufffd");
        try (var odd = OddProvider.whole(whole("'content':'" + text + "'", ""))) {
            assertThat(odd.ask(false).text()).isEqualTo(shown);
        }
        try (var odd = OddProvider.choices("'delta':{'content':'" + text + "'}", STOP)) {
            assertThat(odd.ask(true).text()).isEqualTo(shown);
        }
    }

    /** B8. */
    @Test
    void aCharacterInTwoChunksIsOne() throws Exception {
        for (var model : List.of("agent", "plain")) {
            for (var text :
                    List.of(
                            "a\\uD83D|\\uDE42b",
                            "\\ud83d|\\ude42",
                            "|\\ud83d|\\ude42 \\ud83d|\\ude42|")) {
                var choices = new ArrayList<String>();
                for (var piece : text.split("\\|", -1)) {
                    choices.add("'delta':{'content':'" + piece + "'}");
                }
                choices.add(STOP);
                try (var odd = OddProvider.choices(choices.toArray(String[]::new))) {
                    var answer = odd.askAnyhow(model);
                    assertThat(answer.text())
                            .isEqualTo(
                                    text.replace("|", "")
                                            .toLowerCase(Locale.ROOT)
                                            .replace("\\ud83d\\ude42", "🙂"));
                }
            }
        }
    }
}
