package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Risk;
import io.sallyport.vetting.DescriptorVetting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A10. What the first TypeScript SDK (1.32.2) compiles of what vetting takes. */
class CommonSchemaTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'pattern':'^[\\\\w.-]+\\\\d{2,4}$'}",
                "{'pattern':'^\\\\d{4}-\\\\d{2}(?:T\\\\S+)?$'}",
                "{'pattern':'[\\\\-\\\\].]|\\\\bx\\\\b|\\\\u0041|^$'}",
                "{'patternProperties':{'^x-':{}}}",
                "{'exclusiveMinimum':1,'required':[],'enum':[null]}",
                "{'properties':{'id':{},'$id':{},'nullable':{},'pattern':{}}}",
                "{'type':'string','nullable':true}",
                "{'items':[{}],'additionalItems':false}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'$anchor':'x'}}}",
                "{'const':{'id':1,'pattern':'('}}"
            })
    void isCompiled(String schema) {
        assertThat(CommonSchema.is(json(schema))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'pattern':'(?i)a'}",
                "{'pattern':'(?P<n>a)'}",
                "{'pattern':'\\\\Aa\\\\Z'}",
                "{'pattern':'^\\\\w+\\\\@x$'}",
                "{'pattern':'a\\\\_b\\\\-c'}",
                "{'pattern':'[\\\\w-.]'}",
                "{'pattern':'[.-\\\\w]'}",
                "{'pattern':'{a}'}",
                "{'pattern':'a]'}",
                "{'pattern':'^*a'}",
                "{'pattern':'\\\\'}",
                "{'patternProperties':{'\\\\@':{}}}",
                "{'exclusiveMaximum':true}",
                "{'properties':{'a':{'required':true}}}",
                "{'nullable':true}",
                "{'type':['string'],'nullable':true}",
                "{'id':'x'}",
                "{'$defs':{'a':{'$id':'urn:x'}}}",
                "{'$ref':'#/properties/a%20b'}",
                "{'allOf':[{'items':{'$ref':'https://a.test/b#/c'}}]}",
                "{'enum':[]}"
            })
    void isNotKnownToBeCompiled(String schema) {
        assertThat(CommonSchema.is(json(schema))).isFalse();
    }

    @Test
    void everyPublishedOutputSchemaIsTold() {
        Corpus.tools().values().stream()
                .flatMap(List::stream)
                .forEach(it ->
                        assertThat(approved(it).offeredInSessions())
                                .isEqualTo(approved(it).listed().offered()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'array'}",
                "{}",
                "{'type':['object','null']}",
                "{'type':'object','properties':{'a':{'pattern':'(?i)a'}}}",
                "{'type':'object','properties':{'a':{'type':'string','pattern':'(a)\\\\1'}}}"
            })
    void anotherOutputSchemaIsToldToClientsOf2026Only(String schema) {
        var tool =
                approved(
                        json(
                                "{'name':'a','inputSchema':{'type':'object'},'outputSchema':"
                                        + schema
                                        + "}"));

        assertThat(tool.offeredInSessions())
                .isEqualTo(json("{'name':'a','inputSchema':{'type':'object'}}"));
        assertThat(tool.listed().offered().path("outputSchema")).isEqualTo(json(schema));
        assertThat(tool.listed().outputSchema()).isEqualTo(json(schema));
    }

    private static CatalogTool approved(JsonNode tree) {
        var vetted = DescriptorVetting.vet(Corpus.identity("s"), List.of(tree)).getFirst();
        assertThat(vetted.rejected()).isFalse();
        return new CatalogTool(
                vetted.descriptor(),
                vetted.findings(),
                ToolStatus.APPROVED,
                Optional.of(vetted.descriptor()),
                Risk.READ,
                Set.of(),
                false);
    }

    private static JsonNode json(String text) {
        return Corpus.json(text.replace('\'', '"'));
    }
}
