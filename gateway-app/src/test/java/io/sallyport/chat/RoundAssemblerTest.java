package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class RoundAssemblerTest {
    private final RoundAssembler assembler =
            new RoundAssembler(new AnswerPieces(AnswerRoom.UNCOUNTED));

    private void delta(String delta) {
        add("{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}");
    }

    private void finish(String reason) {
        add("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
    }

    private void add(String chunk) {
        assembler.add((ObjectNode) Answer.parse(chunk));
    }

    private static String call(int index, String rest) {
        return "{\"tool_calls\":[{\"index\":" + index + rest + "}]}";
    }

    @Test
    void joinsTextsAndKeepsUnknownMembers() {
        delta("{\"role\":\"assistant\",\"content\":\"\"}");
        delta("{\"reasoning_content\":\"Hm\"}");
        delta("{\"reasoning_content\":\"m\",\"content\":\"Hel\"}");
        delta("{\"content\":\"lo\",\"extra_content\":{\"a\":1}}");
        finish("stop");
        add("{\"choices\":[],\"usage\":{\"prompt_tokens\":5}}");

        var round = assembler.round(false);
        assertThat(round.text()).isEqualTo("Hello");
        assertThat(round.message().path("reasoning_content").asString()).isEqualTo("Hmm");
        assertThat(round.message().path("extra_content").path("a").asInt()).isEqualTo(1);
        assertThat(round.usage().orElseThrow().path("prompt_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void joinsInterleavedCallsByIndex() {
        delta(
                call(
                        0,
                        ",\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"x\",\"arguments\":\"\"}"));
        delta(call(1, ",\"id\":\"b\",\"function\":{\"name\":\"y\",\"arguments\":\"{\"}"));
        delta(call(0, ",\"function\":{\"arguments\":\"{\\\"k\\\":\"}"));
        delta(call(1, ",\"function\":{\"arguments\":\"}\"}"));
        delta(call(0, ",\"function\":{\"arguments\":\"1}\"}"));
        finish("tool_calls");

        var calls = assembler.round(false).calls();
        assertThat(calls).extracting(RequestedCall::name).containsExactly("x", "y");
        assertThat(calls).extracting(RequestedCall::id).containsExactly("a", "b");
        assertThat(calls).extracting(RequestedCall::arguments).containsExactly("{\"k\":1}", "{}");
    }

    @Test
    void understandsProvidersThatRepeatTheNameOrLeaveOutTheIndex() {
        delta(call(0, ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{\"}"));
        delta(call(0, ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"}\"}"));
        delta(
                "{\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"y\",\"arguments\":\"{}\"}}]}");
        finish("tool_calls");

        assertThat(assembler.round(false).calls())
                .extracting(RequestedCall::name)
                .containsExactly("x", "y");
    }

    @Test
    void givesCallsWithoutAnIdOrWithTheSameOneTheirOwn() {
        delta(call(0, ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{}\"}"));
        delta(call(1, ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{}\"}"));
        delta(call(2, ",\"id\":\"\",\"function\":{\"name\":\"x\",\"arguments\":\"{}\"}"));
        finish("tool_calls");

        var calls = assembler.round(false).calls();
        assertThat(calls).extracting(RequestedCall::id).doesNotHaveDuplicates().doesNotContain("");
        assertThat(calls).allMatch(it -> it.tree().path("id").asString().equals(it.id()));
    }

    /** A2: the client sends its results with the ids that it was shown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"id\":\"\"",
                ",\"id\":null",
                ",\"id\":7",
                ",\"id\":\"a\"",
                ",\"id\":\" \"",
                ",\"id\":{\"x\":1}"
            })
    void callsHaveTheIdsThatTheirFirstFragmentsWereShownWith(String id) {
        var shown = new ArrayList<String>();
        for (int index = 0; index < 3; index++) {
            var name = ",\"function\":{\"name\":\"x\",\"arguments\":\"{\"}";
            shown.add(shownId(call(index, id + name)));
            var late = shownId(call(index, ",\"id\":\"b\",\"function\":{\"arguments\":\"}\"}"));
            assertThat(late).isEmpty();
        }
        finish("tool_calls");

        assertThat(shown).doesNotHaveDuplicates().doesNotContain("", " ");
        assertThat(assembler.round(false).calls())
                .extracting(RequestedCall::id)
                .containsExactlyElementsOf(shown);
    }

    /** What is left in the chunk is what the view of the client reads. */
    private String shownId(String delta) {
        var chunk = (ObjectNode) Answer.parse("{\"choices\":[{\"delta\":" + delta + "}]}");
        assembler.add(chunk);
        return Answer.delta(chunk).at("/tool_calls/0/id").asString("");
    }

    @Test
    void ignoresCallsBehindTheEnd() {
        delta("{\"content\":\"Hi\"}");
        finish("stop");
        delta(call(0, ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{}\"}"));

        assertThat(assembler.round(false).calls()).isEmpty();
    }

    @Test
    void hasNoRoundWithoutAnEnd() {
        delta("{\"content\":\"Hi\"}");
        assertThatThrownBy(() -> assembler.round(false)).isInstanceOf(ModelFailure.class);
    }
}
