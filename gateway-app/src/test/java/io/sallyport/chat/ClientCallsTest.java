package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.provider.AnswerPieces;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ClientCallsTest {
    private final ClientCalls calls =
            new ClientCalls(
                    new ToolOffer(new LinkedHashMap<>(), Set.of("paint", "sing")),
                    new AnswerPieces(AnswerRoom.UNCOUNTED));

    private List<String> shown(int index, String rest) {
        var delta = "{\"tool_calls\":[{\"index\":" + index + rest + "}]}";
        calls.add((ObjectNode) Answer.parse(delta));
        return taken();
    }

    private List<String> taken() {
        return calls.taken().stream().map(it -> it.path("tool_calls").path(0).toString()).toList();
    }

    private static String named(String id, String name) {
        return ",\"id\":\"" + id + "\",\"function\":{\"name\":\"" + name + "\",\"arguments\":\"\"}";
    }

    private static String arguments(String text) {
        return ",\"function\":{\"arguments\":\"" + text + "\"}";
    }

    @Test
    void numbersTheClientsCallsFromZeroAndHidesTheServers() {
        assertThat(shown(0, named("a", "crm__get"))).isEmpty();
        assertThat(shown(0, arguments("{}"))).isEmpty();
        assertThat(shown(1, named("b", "paint"))).isEmpty();
        assertThat(shown(1, arguments("{")))
                .containsExactly(
                        "{\"index\":0,\"id\":\"b\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"paint\",\"arguments\":\"{\"}}");
        assertThat(shown(1, arguments("}")))
                .containsExactly("{\"index\":0,\"function\":{\"arguments\":\"}\"}}");
        assertThat(shown(3, named("c", "sing"))).isEmpty();
        calls.flush();
        assertThat(taken()).singleElement().asString().startsWith("{\"index\":1,\"id\":\"c\"");
    }

    @Test
    void waitsForTheWholeName() {
        assertThat(shown(0, named("a", "pa"))).isEmpty();
        assertThat(shown(0, ",\"function\":{\"name\":\"int\"}")).isEmpty();
        assertThat(shown(0, arguments("{"))).singleElement().asString().contains("\"paint\"");
    }

    /** A1: what is shown cannot be taken back. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", " { }", "{\\n}"})
    void waitsForWhatComesBehindAnEmptyObject(String empty) {
        assertThat(shown(0, named("a", "paint"))).isEmpty();
        assertThat(shown(0, arguments(empty))).isEmpty();
        assertThat(shown(0, arguments("{\\\"n\\\":")))
                .singleElement()
                .asString()
                .endsWith("\"arguments\":\"{\\\"n\\\":\"}}");
        assertThat(shown(1, named("b", "sing"))).isEmpty();
        assertThat(shown(1, arguments(empty))).isEmpty();
        calls.flush();
        assertThat(taken()).singleElement().asString().contains("\"arguments\":\"" + empty);
    }

    @Test
    void hidesNamesThatNobodyOffered() {
        assertThat(shown(0, named("a", "nonsense"))).isEmpty();
        calls.flush();
        assertThat(taken()).isEmpty();
    }
}
