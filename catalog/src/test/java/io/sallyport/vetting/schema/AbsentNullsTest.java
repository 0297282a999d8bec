package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B6. In a schema null is absent, unless null is a value there. */
class AbsentNullsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":null,\"required\":null}",
                "{\"type\":\"object\",\"description\":null,\"title\":null,\"$schema\":null}",
                "{\"type\":\"object\",\"additionalProperties\":null,\"$defs\":null,\"anyOf\":null}",
                "{\"properties\":{\"a\":{\"type\":\"string\",\"enum\":null,\"pattern\":null,\"minLength\":null}}}",
                "{\"properties\":{\"a\":{\"items\":null,\"format\":null,\"$ref\":null}}}",
                "{\"properties\":{\"a\":{\"allOf\":[{\"maxLength\":null,\"not\":null}]}}}",
                "{\"$defs\":{\"none\":null,\"a\":{\"minimum\":null}},\"patternProperties\":{\"x\":null}}",
                "{\"properties\":{\"a\":null},\"required\":[\"a\"]}",
                "{\"dependentRequired\":{\"b\":null},\"dependentSchemas\":{\"b\":null},\"if\":null}"
            })
    void isAbsent(String schema) throws RejectedSchema {
        assertThat(accepts(schema, "{\"a\":\"x\"}")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":{\"const\":null}}}              | {\"a\":null} | {\"a\":1}",
                "{\"properties\":{\"a\":{\"enum\":[null,1]}}}           | {\"a\":null} | {\"a\":2}",
                "{\"properties\":{\"a\":{\"default\":null,\"type\":\"null\"}}} | {\"a\":null} | {\"a\":1}",
                "{\"properties\":{\"const\":null,\"a\":{\"minimum\":1}}}| {\"const\":1,\"a\":1} | {\"a\":0}"
            })
    void isAValueWhereItIsOne(String schema, String good, String bad) throws RejectedSchema {
        assertThat(accepts(schema, good)).isTrue();
        assertThat(accepts(schema, bad)).isFalse();
    }

    @Test
    void leavesTheRestOfTheSchemaInForce() throws RejectedSchema {
        var schema =
                "{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\",\"enum\":null}}}";
        assertThat(accepts(schema, "{\"a\":3}")).isTrue();
        assertThat(accepts(schema, "{\"a\":\"x\"}")).isFalse();
        assertThat(accepts(schema, "{}")).isFalse();
    }

    /** An empty list where a map belongs: PHP has one value for both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":[]}                   | {\"a\":1} | 1",
                "{\"$defs\":[],\"definitions\":[],\"minProperties\":1}     | {\"a\":1} | {}",
                "{\"patternProperties\":[],\"dependentSchemas\":[],\"dependentRequired\":[],\"maxProperties\":1} | {\"a\":1} | {\"a\":1,\"b\":2}",
                "{\"properties\":{\"a\":{\"type\":\"object\",\"properties\":[]}}} | {\"a\":{}} | {\"a\":1}",
                "{\"properties\":{\"a\":[],\"b\":{\"type\":\"string\"}}}     | {\"a\":7,\"b\":\"x\"} | {\"b\":7}",
                "{\"items\":[],\"type\":\"array\"}                         | [1]     | {}",
                "{\"items\":[],\"additionalItems\":null,\"maxItems\":1}    | [1]     | [1,2]",
                "{\"anyOf\":[{\"properties\":[],\"required\":[\"b\"]}]}    | {\"b\":1} | {\"a\":1}",
                "{\"dependencies\":[],\"properties\":{\"dependencies\":{\"const\":[]}}} | {\"dependencies\":[]} | {\"dependencies\":1}",
                "{\"dependentRequired\":{\"a\":[],\"b\":[\"c\"]}}          | {\"a\":1} | {\"b\":1}",
                "{\"const\":{\"properties\":[]}} | {\"properties\":[]} | {\"properties\":{}}"
            })
    void anEmptyListWhereAMapBelongsIsTheEmptyMap(String schema, String good, String bad)
            throws RejectedSchema {
        assertThat(accepts(schema, good)).isTrue();
        assertThat(accepts(schema, bad)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\":[7]}",
                "{\"properties\":[{}]}",
                "{\"$defs\":[[]]}",
                "{\"properties\":{\"a\":[{}]}}",
                "{\"additionalProperties\":[]}",
                "{\"not\":[]}",
                "{\"anyOf\":[]}",
                "{\"items\":[],\"additionalItems\":false}",
                "{\"items\":[],\"unevaluatedItems\":false}"
            })
    void everyOtherListIsNoMap(String schema) {
        assertThatThrownBy(() -> CompiledSchema.compile(Corpus.json(schema)))
                .isInstanceOf(RejectedSchema.class)
                .hasMessage("invalid_schema");
    }

    private static boolean accepts(String schema, String value) throws RejectedSchema {
        return CompiledSchema.compile(Corpus.json(schema)).validate(Corpus.json(value)).isEmpty();
    }
}
