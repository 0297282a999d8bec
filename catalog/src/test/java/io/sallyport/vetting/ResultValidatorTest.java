package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import org.junit.jupiter.api.Test;

class ResultValidatorTest {
    @Test
    void leavesUndeclaredMembersToTheSchema() throws RejectedSchema {
        var open =
                ResultValidator.compile(
                        Corpus.json("{\"properties\":{\"a\":{\"type\":\"string\"}}}"));
        assertThat(open.validate(Corpus.json("{\"a\":\"x\",\"b\":1}"))).isEmpty();
        assertThat(open.validate(Corpus.json("{\"a\":1}"))).hasSize(1);
    }

    @Test
    void acceptsSchemasOfAnyType() throws RejectedSchema {
        var list = ResultValidator.compile(Corpus.json("{\"type\":\"array\"}"));
        assertThat(list.validate(Corpus.json("[]"))).isEmpty();
        assertThat(list.validate(Corpus.json("{}"))).hasSize(1);
    }

    @Test
    void refusesWhatArgumentsRefuse() {
        var rejection =
                catchThrowableOfType(
                        RejectedSchema.class,
                        () -> ResultValidator.compile(Corpus.json("{\"$ref\":\"#\"}")));
        assertThat(rejection.rule()).isEqualTo("ref_cycle");
    }
}
