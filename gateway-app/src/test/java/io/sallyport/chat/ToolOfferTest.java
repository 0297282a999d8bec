package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FunctionTools;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.policy.Risk;
import io.sallyport.tenant.ModelTool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ToolOfferTest {
    private static SequencedMap<String, CatalogTool> server(int count) {
        var tools = new LinkedHashMap<String, CatalogTool>();
        for (int n = 0; n < count; n++) {
            var tool = Tenant.tool("s", "t" + n, n % 2 == 0 ? Risk.READ : Risk.UNCLASSIFIED);
            tools.put(tool.listed().alias(), tool);
        }
        return tools;
    }

    private static Map<String, ModelTool> written(int count) {
        var written = new LinkedHashMap<String, ModelTool>();
        server(count)
                .forEach((alias, tool) ->
                        written.put(alias, new ModelTool(Optional.of(FunctionTools.of(tool)), 1)));
        return written;
    }

    private static ObjectNode body(String... tools) {
        return (ObjectNode) Answer.parse("{\"tools\":[" + String.join(",", tools) + "]}");
    }

    @Test
    void appendsTheServersToolsAndKeepsTheClientsAsTheyAre() {
        var odd = "{\"type\":\"custom\",\"custom\":{\"name\":\"draw\",\"future\":1.10}}";
        var body = body(Bodies.function("mine"), odd);
        var offer = ToolOffer.of(body, server(1)).appendTo(body, written(1));

        assertThat(offer.client()).containsExactlyInAnyOrder("mine", "draw");
        assertThat(offer.names()).contains("s__t0");
        assertThat(body.path("tools")).hasSize(3);
        assertThat(body.path("tools").path(1)).isEqualTo(Answer.parse(odd));
        assertThat(body.path("tools").path(2).path("function").path("name").asString())
                .isEqualTo("s__t0");
    }

    @Test
    void leavesARequestWithoutToolsAlone() {
        var body = (ObjectNode) Answer.parse("{}");
        ToolOffer.of(body, server(0)).appendTo(body, Map.of());
        assertThat(body.has("tools")).isFalse();
    }

    @Test
    void refusesANameThatIsTakenTwice() {
        assertThatThrownBy(() -> ToolOffer.of(body(Bodies.function("s__t0")), server(1)))
                .hasMessage("tool_name_conflict");
    }

    @Test
    void refusesOneToolTooMany() {
        assertThatThrownBy(() -> ToolOffer.of(body(Bodies.function("mine")), server(128)))
                .hasMessage("too_many_tools");
    }

    @Test
    void offersNothingOfWhichNothingIsWritten() {
        var body = body(Bodies.function("mine"));
        var offer = ToolOffer.of(body, server(2)).appendTo(body, written(1));

        assertThat(offer.names()).containsExactlyInAnyOrder("mine", "s__t0");
        assertThat(body.path("tools")).hasSize(2);
    }

    @Test
    void aRequestThatIsLeftWithoutToolsHasNoChoiceOfOne() {
        var body = body();
        body.put("tool_choice", "required").put("parallel_tool_calls", true);
        ToolOffer.of(body, server(1)).appendTo(body, Map.of());

        assertThat(body).isEmpty();
    }

    @Test
    void onlyAToolThatIsKnownToReadReads() {
        var offer = ToolOffer.of(body(), server(2));
        assertThat(offer.isReadOnly("s__t0")).isTrue();
        assertThat(offer.isReadOnly("s__t1")).isFalse();
    }
}
