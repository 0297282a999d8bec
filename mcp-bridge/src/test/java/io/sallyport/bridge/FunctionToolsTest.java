package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class FunctionToolsTest {
    @Test
    void offersAToolUnderItsAlias() throws MalformedJson {
        var schema = "{'type':'object','properties':{'id':{'type':'integer','maximum':1.10}}}";
        assertThat(function("{'name':'get','description':'Gets.','inputSchema':" + schema + "}"))
                .isEqualTo(
                        text(
                                "{'type':'function','function':{'name':'crm__get',"
                                        + "'description':'Gets.','parameters':"
                                        + schema
                                        + "}}"));
    }

    @Test
    void givesEverySchemaProperties() throws MalformedJson {
        assertThat(function("{'name':'get','inputSchema':{'type':'object'}}"))
                .endsWith(text("'parameters':{'type':'object','properties':{}}}}"));
        assertThat(function("{'name':'get'}"))
                .endsWith(text("'parameters':{'type':'object','properties':{}}}}"));
    }

    @Test
    void leavesTheDialectOut() throws MalformedJson {
        assertThat(
                        function(
                                "{'name':'get','inputSchema':{'$schema':'x','type':'object',"
                                        + "'properties':{'$schema':{'type':'string'}},'$defs':{}}}"))
                .endsWith(
                        text(
                                "'parameters':{'type':'object','properties':"
                                        + "{'$schema':{'type':'string'}},'$defs':{}}}}"));
    }

    /** A10. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'properties':{'a':{'type':'array'}} | 'properties':{'a':{'type':'array','items':{}}}",
                "'properties':{'a':{'type':['array','null']}}"
                        + " | 'properties':{'a':{'type':['array','null'],'items':{}}}",
                "'properties':{'a':{'items':{'type':'array'},'type':'array'}}"
                        + " | 'properties':{'a':{'items':{'type':'array','items':{}},'type':'array'}}",
                "'properties':{'a':{'type':'array','items':[{'type':'string'},true],'additionalItems':false}}"
                        + " | 'properties':{'a':{'type':'array','items':{'anyOf':[{'type':'string'},{}]}}}",
                "'properties':{'a':{'type':'integer','minimum':1,'exclusiveMinimum':true}}"
                        + " | 'properties':{'a':{'type':'integer','exclusiveMinimum':1}}",
                "'properties':{'a':{'type':'integer','maximum':9,'exclusiveMaximum':false}}"
                        + " | 'properties':{'a':{'type':'integer','maximum':9}}",
                "'properties':{'id':{'id':'#x','$id':'x','type':'any','required':true,'enum':[]}}"
                        + " | 'properties':{'id':{}}",
                "'properties':{'a':{'pattern':'^(?=x)'},'b':{'pattern':'(?i)x'},'c':{'pattern':'(?:x)'}}"
                        + " | 'properties':{'a':{},'b':{},'c':{'pattern':'(?:x)'}}",
                "'properties':null,'required':null | 'properties':{}",
                "'required':['a',7,'a'] | 'required':['a'],'properties':{}",
            })
    void writesSchemasAsProvidersTakeThem(String schema, String taken) throws MalformedJson {
        assertThat(parameters("{'type':'object'," + schema + "}"))
                .isEqualTo(StrictJson.read(text("{'type':'object'," + taken + "}")));
    }

    /**
     * A10: a provider reads one object at the root, and the gateway judges by the schema itself.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'anyOf':[{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}},'required':['b']}]}"
                        + " | {'type':'object','properties':{'a':{},'b':{}}}",
                "{'type':'object','properties':{'k':{'const':1}},'required':['k'],"
                        + "'oneOf':[{'properties':{'k':{'const':2}},'required':['k','x']},{'required':['x']}]}"
                        + " | {'type':'object','properties':{'k':{'anyOf':[{'const':1},{'const':2}]}},"
                        + "'required':['k','x']}",
                "{'allOf':[{'$ref':'#/definitions/A'},{'required':['b']}],'definitions':{'A':{'properties':{'a':{}},'required':['a']}}}"
                        + " | {'type':'object','properties':{'a':{}},'required':['a','b'],"
                        + "'definitions':{'A':{'properties':{'a':{}},'required':['a']}}}",
                "{'$ref':'#/$defs/A','$defs':{'A':{'type':'object','properties':{'a':{}}}}}"
                        + " | {'type':'object','properties':{'a':{}},'$defs':{'A':{'type':'object','properties':{'a':{}}}}}",
                "{'type':['object','null'],'not':{'required':['z']},'enum':[{}]} | {'type':'object','properties':{}}",
                "true | {'type':'object','properties':{}}",
                "{'$ref':'#/$defs/A','$defs':{'A':{'$ref':'#/$defs/A'}}}"
                        + " | {'type':'object','properties':{},'$defs':{'A':{'$ref':'#/$defs/A'}}}",
            })
    void writesOneObjectAtTheRoot(String schema, String taken) throws MalformedJson {
        assertThat(parameters(schema)).isEqualTo(StrictJson.read(text(taken)));
    }

    /** A10: alternatives inside alternatives are followed so far and no further. */
    @Test
    @Timeout(20)
    void followsNoMoreAlternativesThanItNeeds() throws MalformedJson {
        var defs = new StringBuilder("'d30':{}");
        for (int n = 0; n < 30; n++) {
            var next = "{'$ref':'#/$defs/d" + (n + 1) + "'},";
            defs.append(",'d" + n + "':{'anyOf':[" + next.repeat(9) + "true]}");
        }
        assertThat(
                        parameters("{'$ref':'#/$defs/d0','$defs':{" + defs + "}}")
                                .path("type")
                                .asString())
                .isEqualTo("object");
    }

    /** Alternatives that repeat one definition each with something else of their own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'anyOf':[%s] | {'$ref':'#/$defs/a','properties':{'p':{'const':%d}}}",
                "'oneOf':[%s] | {'allOf':[{'$ref':'#/$defs/a'},{'properties':{'p':{'const':%d}}}]}",
                "'allOf':[%s] | {'$ref':'#/$defs/a','properties':{'p':{'maximum':%d}},'required':['p']}",
            })
    void growsToNoMoreThanTwiceItsLength(String root, String each) throws MalformedJson {
        var all = IntStream.range(0, 60).mapToObj(each::formatted).collect(Collectors.joining(","));
        var schema =
                ("{'properties':{'own':{}},'$defs':{'a':{'properties':{'p':{'title':'"
                        + "x".repeat(20_000)
                        + "'}}}},"
                        + root.formatted(all)
                        + "}");
        var flat = parameters(schema);
        assertThat(JsonText.text(flat).length()).isLessThan(2 * schema.length() + 2_000);
        assertThat(flat.path("type").asString()).isEqualTo("object");
        assertThat(flat.path("properties").has("own")).isTrue();
    }

    /** B5: what we cannot judge, a provider need not follow. */
    @Test
    void leavesOutWhatIsNotJudged() throws MalformedJson {
        var schema =
                "{'type':'object','properties':{'a':{'type':'string','pattern':'(?<!a)b','maxLength':3}}}";
        var place = "/inputSchema/properties/a/pattern";
        var tool =
                new CatalogTool(
                        descriptor("{'name':'get','inputSchema':" + schema + "}"),
                        List.of(new Finding(Finding.UNJUDGED, Finding.Severity.WARN, place, "")),
                        ToolStatus.APPROVED,
                        Optional.empty(),
                        Risk.READ,
                        Set.of(),
                        false);
        assertThat(JsonText.text(FunctionTools.of(tool).at("/function/parameters/properties/a")))
                .isEqualTo(text("{'type':'string','maxLength':3}"));
    }

    private static JsonNode parameters(String schema) throws MalformedJson {
        var tool = descriptor("{'name':'get','inputSchema':" + schema + "}");
        return FunctionTools.of(tool).at("/function/parameters");
    }

    @Test
    void takesADescriptionAsLongAsPermitted() throws MalformedJson {
        assertThat(description("x".repeat(1_024))).isEqualTo("x".repeat(1_024));
    }

    @Test
    void cutsALongDescriptionWithAMark() throws MalformedJson {
        var cut = description("x".repeat(1_025));
        assertThat(cut).hasSize(1_024).endsWith("… [cut]");
    }

    @Test
    void cutsNoCharacterInTwo() throws MalformedJson {
        for (int shift = 0; shift < 2; shift++) {
            var cut = description("x".repeat(shift) + "🙂".repeat(600));
            assertThat(cut.length()).isBetween(1_023, 1_024);
            assertThat(cut.replace("🙂", "").replace("x", "")).isEqualTo("… [cut]");
        }
    }

    @Test
    void leavesThePinnedDescriptorAlone() throws MalformedJson {
        var descriptor = descriptor("{'name':'get','inputSchema':{'$schema':'x','type':'object'}}");
        var before = JsonText.text(descriptor.tree());
        FunctionTools.of(descriptor);
        assertThat(JsonText.text(descriptor.tree())).isEqualTo(before);
    }

    private static String description(String description) throws MalformedJson {
        var tool = descriptor("{'name':'get','description':'" + description + "'}");
        return FunctionTools.of(tool).at("/function/description").asString();
    }

    private static String function(String tree) throws MalformedJson {
        return JsonText.text(FunctionTools.of(descriptor(tree)));
    }

    private static ToolDescriptor descriptor(String tree) throws MalformedJson {
        var ref = new ToolRef(new ServerSlug("crm"), "get");
        return new ToolDescriptor(ref, "crm__get", "sha256:0", StrictJson.read(text(tree)));
    }

    private static String text(String quoted) {
        return quoted.replace('\'', '"');
    }
}
