package io.sallyport.samples.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFileTest {

    @Test
    void readsEveryMemberOfARound() throws MalformedScript {
        var script =
                read(
                        """
                        {"models":{"m":{"rounds":[{"text":"t","finish_reason":"length",
                          "tool_calls":[{"name":"a","arguments":{"x":1}},
                                        {"name":"b","arguments":"{not json"}],
                          "usage":{"prompt_tokens":3,"completion_tokens":4},
                          "piece_length":5,"pause_ms":6,"cut_after":7}]}}}\
                        """);

        assertThat(script.round("m", 0))
                .contains(
                        new Round(
                                "t",
                                List.of(new Call("a", "{\"x\":1}"), new Call("b", "{not json")),
                                "length",
                                Optional.of(new Usage(3, 4)),
                                new Delivery(5, Duration.ofMillis(6), 7),
                                0));
    }

    @Test
    void derivesTheFinishReasonFromTheCalls() throws MalformedScript {
        var script =
                read(
                        """
                        {"models":{"m":{"rounds":[
                          {"tool_calls":[{"name":"a","arguments":{}}]},{"text":"t"},
                          {"error_status":503}]}}}\
                        """);

        assertThat(script.round("m", 0)).contains(Round.calls("a", "{}"));
        assertThat(script.round("m", 1)).contains(Round.says("t"));
        assertThat(script.round("m", 2)).contains(Round.fails(503));
        assertThat(script.round("other", 0)).isEmpty();
    }

    @Test
    void letsTheSecondScriptWin() throws MalformedScript {
        var mine = read("{\"models\":{\"scripted-plain\":{\"rounds\":[{\"text\":\"mine\"}]}}}");
        var both = Script.standard().and(mine);

        assertThat(both.round("scripted-plain", 0)).contains(Round.says("mine"));
        assertThat(both.round("scripted-demo", 0)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"models\":null}",
                "{\"models\":{\"m\":{\"rounds\":[]}}}",
                "{\"models\":{\"m\":{}}}",
                "{\"models\":{\"m\":{\"rounds\":[{\"txet\":\"t\"}]}}}",
                "{\"models\":{\"m\":{\"rounds\":[{\"tool_calls\":[{\"name\":\"a\"}]}]}}}",
                "{\"models\":{\"m\":{\"rounds\":[{\"piece_length\":0}]}}}",
                "{\"models\":{\"m\":{\"rounds\":[{\"error_status\":200}]}}}",
                "{\"models\":{\"m\":{\"rounds\":[{\"text\":\"t\"}]}}} x"
            })
    void refusesEverythingElseInOneLine(String file) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(MalformedScript.class)
                .message()
                .hasLineCount(1);
    }

    private static Script read(String json) throws MalformedScript {
        return ScriptFile.read(json.getBytes(UTF_8));
    }
}
