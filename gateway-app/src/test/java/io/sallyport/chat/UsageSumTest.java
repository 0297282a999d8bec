package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class UsageSumTest {
    private final UsageSum sum = new UsageSum();

    private void add(String usage) {
        sum.add(Optional.of((ObjectNode) Answer.parse(usage)));
    }

    @Test
    void sumsEveryNumberAtEveryDepth() {
        add("{\"prompt_tokens\":1,\"total_tokens\":3,\"completion_tokens\":2,\"d\":{\"r\":4}}");
        add(
                "{\"prompt_tokens\":10,\"total_tokens\":30,\"completion_tokens\":20,\"d\":{\"r\":5,\"s\":6}}");

        var tree = sum.tree().orElseThrow();
        assertThat(tree.path("prompt_tokens").asInt()).isEqualTo(11);
        assertThat(tree.path("total_tokens").asInt()).isEqualTo(33);
        assertThat(tree.path("d").path("r").asInt()).isEqualTo(9);
        assertThat(tree.path("d").path("s").asInt()).isEqualTo(6);
    }

    @Test
    void fillsInTheTotalsThatTheSchemaAsksFor() {
        add("{\"prompt_tokens\":1}");
        assertThat(sum.tree().orElseThrow().path("total_tokens").asInt()).isEqualTo(1);
    }

    @Test
    void leavesTextsAndNullsOut() {
        add("{\"prompt_tokens\":1,\"tier\":\"x\",\"d\":null}");
        assertThat(sum.tree().orElseThrow().has("tier")).isFalse();
        assertThat(sum.tree().orElseThrow().has("d")).isFalse();
    }

    @Test
    void addsDecimalsExactly() {
        add("{\"cost\":0.1}");
        add("{\"cost\":0.2}");
        assertThat(sum.tree().orElseThrow().path("cost").decimalValue())
                .isEqualByComparingTo("0.3");
    }

    @Test
    void saysWhenARoundGaveNone() {
        assertThat(sum.isPartial()).isFalse();
        sum.add(Optional.empty());
        assertThat(sum.isPartial()).isTrue();
        assertThat(sum.tree()).isEmpty();
        assertThat(sum.tokensOrUnknown("prompt_tokens")).isEqualTo(-1);
    }
}
