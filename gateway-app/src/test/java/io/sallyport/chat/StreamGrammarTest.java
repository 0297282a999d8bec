package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamGrammarTest {
    private static final String ROLE = choice("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final String TEXT = choice("{\"content\":\"Hi\"}", "null");
    private static final String FINISH = choice("{}", "\"stop\"");
    private static final String USAGE =
            chunk("c1", "[]")
                    .replace(
                            "}end",
                            ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                                    + "\"total_tokens\":2}}end");
    private static final String DONE = "[DONE]";
    private static final String ERROR =
            "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":\"c\"}}";

    private static String chunk(String id, String choices) {
        return ("{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":1,")
                + ("\"model\":\"m\",\"choices\":" + choices + "}end");
    }

    private static String choice(String delta, String finish) {
        return chunk(
                "c1", "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]");
    }

    private static String tool(int index, String rest) {
        return choice("{\"tool_calls\":[{\"index\":" + index + rest + "}]}", "null");
    }

    private static String begun(int index) {
        var id = ",\"id\":\"i" + index + "\"";
        return tool(index, id + ",\"type\":\"function\",\"function\":{\"name\":\"n\"}");
    }

    private static List<String> check(String... payloads) {
        var body = new StringBuilder();
        for (var payload : payloads) {
            body.append("data: ").append(payload.replace("}end", "}")).append("\n\n");
        }
        return StreamGrammar.violations(body.toString());
    }

    @Test
    void acceptsAWholeStream() {
        assertThat(
                        check(
                                ROLE,
                                TEXT,
                                begun(0),
                                tool(0, ",\"function\":{\"arguments\":\"{}\"}"),
                                begun(1),
                                FINISH,
                                USAGE,
                                DONE))
                .isEmpty();
    }

    @Test
    void acceptsAStreamThatEndsWithAnError() {
        assertThat(check(ROLE, TEXT, ERROR)).isEmpty();
    }

    @Test
    void acceptsCommentsInside() {
        var body = "data: " + ROLE + "\n\n: keep-alive\n\ndata: " + FINISH + "\n\ndata: [DONE]\n\n";
        assertThat(StreamGrammar.violations(body.replace("}end", "}"))).isEmpty();
    }

    @Test
    void bitesWhenSomethingIsMissing() {
        var whole = List.of(ROLE, FINISH, DONE);
        for (int left = 0; left < whole.size(); left++) {
            var payloads = new ArrayList<>(whole);
            payloads.remove(left);
            assertThat(check(payloads.toArray(String[]::new))).isNotEmpty();
        }
    }

    @Test
    void bitesWhenSomethingComesTwice() {
        assertThat(check(ROLE, ROLE, FINISH, DONE)).isNotEmpty();
        assertThat(check(ROLE, FINISH, FINISH, DONE)).isNotEmpty();
        assertThat(check(ROLE, FINISH, USAGE, USAGE, DONE)).isNotEmpty();
        assertThat(check(ROLE, FINISH, DONE, DONE)).isNotEmpty();
    }

    @Test
    void bitesWhenTheOrderIsWrong() {
        assertThat(check(TEXT, ROLE, FINISH, DONE)).isNotEmpty();
        assertThat(check(ROLE, USAGE, FINISH, DONE)).isNotEmpty();
        assertThat(check(ROLE, FINISH, TEXT, DONE)).isNotEmpty();
        assertThat(check(ROLE, FINISH, DONE, USAGE)).isNotEmpty();
    }

    @Test
    void bitesWhenToolIndicesHaveAGapOrNamesRepeat() {
        assertThat(check(ROLE, begun(1), FINISH, DONE)).contains("tool indices have a gap");
        assertThat(check(ROLE, begun(0), begun(0), FINISH, DONE))
                .contains("a name comes twice", "an id comes twice");
        assertThat(check(ROLE, tool(0, ",\"function\":{\"arguments\":\"\"}"), FINISH, DONE))
                .contains("a tool call begins without a name");
    }

    @Test
    void bitesWhenTheIdChanges() {
        var other = TEXT.replace("c1", "c2");
        assertThat(check(ROLE, other, FINISH, DONE)).containsExactly("id changes");
    }

    @Test
    void bitesOnWhatBreaksClients() {
        assertThat(StreamGrammar.violations("event: x\ndata: [DONE]\n\n")).isNotEmpty();
        assertThat(check("", ROLE, FINISH, DONE)).isNotEmpty();
        assertThat(check(ROLE, ERROR, DONE)).isNotEmpty();
        assertThat(check(ROLE, choice("{\"surprise\":1}", "null"), FINISH, DONE)).isNotEmpty();
    }
}
