package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** Other names, and digits in a text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_tokens\":10,\"output_tokens\":5}",
                "{\"prompt_tokens\":\"10\",\"completion_tokens\":\"5\"}",
                "{\"prompt_tokens\":null,\"input_tokens\":\"10\",\"completion_tokens\":5.0}",
                "{\"prompt_tokens\":10,\"input_tokens\":7,\"output_tokens\":5,\"total_tokens\":\"15\"}"
            })
    void countsTokensHoweverTheyAreWritten(String usage) {
        add(usage);
        add("{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}");

        assertThat(sum.tokensOrUnknown("prompt_tokens")).isEqualTo(11);
        assertThat(sum.tokensOrUnknown("completion_tokens")).isEqualTo(7);
        assertThat(sum.tree().orElseThrow().path("total_tokens").asInt()).isEqualTo(18);
        assertThat(sum.isPartial()).isFalse();
    }

    /** What nobody said is unknown, not nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'total_tokens':17} | -1 | -1",
                "{} | -1 | -1",
                "{'prompt_tokens':4} | 4 | -1",
                "{'output_tokens':'6','cost':0.1} | -1 | 6",
                "{'prompt_tokens':'many','completion_tokens':'0x10'} | -1 | -1",
                "{'prompt_tokens':-1,'completion_tokens':1.5} | -1 | -1",
                "{'prompt_tokens':1e99,'completion_tokens':'9999999999999999999999'} | -1 | -1",
                "{'prompt_tokens':99999999999999999999,'completion_tokens':[1]} | -1 | -1",
                "{'prompt_tokens_details':{'cached_tokens':3},'completion_tokens':' 5'} | -1 | -1"
            })
    void saysWhatItDoesNotKnow(String usage, long prompt, long completion) {
        add(usage.replace('\'', '"'));

        assertThat(sum.isPartial()).isTrue();
        assertThat(sum.tokensOrUnknown("prompt_tokens")).isEqualTo(prompt);
        assertThat(sum.tokensOrUnknown("completion_tokens")).isEqualTo(completion);
        assertThat(Usage.of(Answer.parse(usage.replace('\'', '"'))))
                .isEqualTo(new Usage(prompt, completion));
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
