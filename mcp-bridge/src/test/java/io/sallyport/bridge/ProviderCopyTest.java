package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ServerIdentity;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.fuzz.FuzzInputs;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.vetting.ArgumentValidator;
import io.sallyport.vetting.DescriptorVetting;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Whatever vetting lets be approved, a copy for models can be made of it, and it accepts what the
 * tool accepts. Of alternatives at the root a value fits the copy if it is made for one of them.
 */
class ProviderCopyTest {
    private static final ServerIdentity SERVER =
            new ServerIdentity(
                    new ServerSlug("crm"), new Transport.StreamableHttp("https://c.test/mcp"), "");

    private static final FuzzInputs SCHEMAS =
            FuzzInputs.of(
                    List.of(
                            """
                            {"type":"object","properties":{"a":{"type":"string","pattern":"^a+b?$"},\
                            "b":{"type":"array","items":{"type":"integer"}}},"required":["a"]}\
                            """,
                            """
                            {"$schema":"http://json-schema.org/draft-07/schema#","type":"object",\
                            "properties":{"t":{"type":"array","items":[{"type":"string"},\
                            {"$ref":"#/properties/t/items/0"}]},"u":{"$ref":"#/definitions/U","minimum":7}},\
                            "definitions":{"U":{"oneOf":[{"type":"integer"},{"enum":[1,"x"]}]}}}\
                            """,
                            """
                            {"type":"object","$ref":"#/properties","properties":{"required":{"type":"array"},\
                            "r":{"$ref":"#/x/Partial%3Ca%3E"}},"x":{"Partial<a>":{"type":"string"}}}\
                            """,
                            """
                            {"type":"object","allOf":[{"$ref":"#n"},{"properties":{"b":{"not":\
                            {"$ref":"#/allOf/0/properties/b"}}}}],"$defs":{"n":{"$anchor":"n","properties":\
                            {"b":{"pattern":"\\\\Ab"},"n":{"$ref":"#"}}}},"unevaluatedProperties":false}\
                            """,
                            """
                            {"type":"object","properties":{"c":{"if":{"$ref":"#/$defs/t"},"then":\
                            {"maxLength":2},"else":{"contains":{"pattern":"(?i)A"},"maxContains":1}}},\
                            "$defs":{"t":{"type":"string","enum":["ab","abc"]}},"additionalProperties":false}\
                            """),
                    List.of(
                            "\"$ref\":\"#\",",
                            "\"$ref\":\"#/properties/a\",",
                            "\"$ref\":\"#/$defs/n\",",
                            "\"$ref\":\"#/required\",",
                            "\"required\":{},",
                            "\"items\":[{},true],",
                            "\"not\":{},",
                            "\"not\":",
                            "\"oneOf\":[{},",
                            "\"type\":[\"string\",\"null\"],",
                            "\"unevaluatedProperties\":false,",
                            "\"exclusiveMinimum\":true,\"minimum\":1,",
                            "\"dependencies\":{\"a\":[\"b\"]},",
                            "\"const\":null,",
                            "null,"));

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261129);

    @Test
    void holdsForSchemasFromASeed() {
        SCHEMAS.check(getClass(), this::aCopyIsMadeAndAcceptsWhatTheToolAccepts);
    }

    @FuzzTest
    void aCopyIsMadeAndAcceptsWhatTheToolAccepts(byte[] schema) {
        try {
            check(descriptor(StrictJson.read(schema)), 20);
        } catch (MalformedJson _) {
            // nothing that a server could list
        }
    }

    static List<Path> published() throws IOException, URISyntaxException {
        var folder = ProviderCopyTest.class.getResource("/corpus/descriptors");
        try (var files = Files.list(Path.of(Objects.requireNonNull(folder).toURI()))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void holdsForWhatPublishedServersList(Path file) throws IOException, MalformedJson {
        for (var tool : StrictJson.read(Files.readAllBytes(file)).path("tools")) {
            check(tool, 20);
        }
    }

    /** Each leads somewhere else than its text says at first sight. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'anyOf':[{'$ref':'#/definitions/Partial%3CQuery%3E'}],'definitions':{'Partial<Query>':"
                        + "{'type':'object','properties':{'q':{'type':'string'}}}} | {'q':'x'} | {'q':7}",
                "'properties':{'q':{'$ref':'#/definitions/a~1b%63'}},'definitions':{'a/bc':"
                        + "{'type':'string'}} | {'q':'x'} | {'q':7}",
                "'$schema':'http://json-schema.org/draft-07/schema#','properties':{'p':{'items':"
                        + "[{'type':'string'}]},'q':{'$ref':'#/properties/p/items/0'}} | {'p':['x',7],'q':'x'} | {'q':7}",
                "'properties':{'q':{'$ref':'#/anyOf/0/properties/q'}},'anyOf':[{'properties':{'q':"
                        + "{'type':'string'}}}] | {'q':'x'} | {'q':7}",
                "'properties':{'q':{'$ref':'#/components/schemas/Q'}},'components':{'schemas':{'Q':"
                        + "{'type':'string'}}} | {'q':'x'} | {'q':7}",
                "'properties':{'q':{'$ref':'#text'}},'$defs':{'t':{'$anchor':'text','type':'string'}}"
                        + " | {'q':'x'} | {'q':7}",
                "'$ref':'#/properties','properties':{'required':{'type':'array'}} | {'required':[1]} | {'required':7}",
                "'properties':{'q':{'$ref':'#/components/a'}},'components':{'a':{'properties':{'q':"
                        + "{'$ref':'#/components/a'}}}} | {'q':{'q':{'q':7}}} |",
            })
    void referencesLeadWhereVettingFollowedThem(String schema, String fits, String fails)
            throws MalformedJson, RejectedSchema {
        var listed = StrictJson.read(("{'type':'object'," + schema + "}").replace('\'', '"'));
        check(descriptor(listed), 50);
        var copy = FunctionTools.of(vetted(descriptor(listed)).orElseThrow());
        var parameters = copy.at("/function/parameters");
        var validator = ArgumentValidator.compile(parameters, true);
        assertThat(validator.validate(StrictJson.read(fits.replace('\'', '"')))).isEmpty();
        if (fails != null) {
            assertThat(validator.validate(StrictJson.read(fails.replace('\'', '"'))))
                    .as(JsonText.text(parameters))
                    .isNotEmpty();
        }
    }

    /** What is left out of a copy never makes it refuse more. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'properties':{'q':{'not':{'type':'string','pattern':'(?i)^x'}}} | {'q':'y'}",
                "'properties':{'q':{'if':{'type':'string','pattern':'^x\\\\z'},'then':{'maxLength':0}}} | {'q':'yy'}",
                "'properties':{'q':{'oneOf':[{'pattern':'^x\\\\z'},{'pattern':'^y\\\\z'}]}} | {'q':'y'}",
                "'$schema':'http://json-schema.org/draft-07/schema#','properties':{'q':{'$ref':'#/definitions/a',"
                        + "'minimum':7}},'definitions':{'a':{'type':'number'}} | {'q':1}",
                "'$schema':'http://json-schema.org/draft-07/schema#','properties':{'q':{'items':[{'type':'string'}]}}"
                        + " | {'q':['x',7]}",
                "'allOf':[{'patternProperties':{'^x':{}}}],'unevaluatedProperties':false | {'x1':1}",
                "'not':{'required':['z']},'properties':{'q':{'not':{'$ref':'#'}}} | {'q':{'z':1}}",
                "'properties':{'q':{'not':{'const':null}}} | {'q':1}",
            })
    void noCopyAcceptsLess(String schema, String fits) throws MalformedJson, RejectedSchema {
        var listed = StrictJson.read(("{'type':'object'," + schema + "}").replace('\'', '"'));
        var value = StrictJson.read(fits.replace('\'', '"'));
        assertThat(ArgumentValidator.compile(listed, true).validate(value)).isEmpty();
        var copy = FunctionTools.of(vetted(descriptor(listed)).orElseThrow());
        var parameters = copy.at("/function/parameters");
        assertThat(ArgumentValidator.compile(parameters, true).validate(value))
                .as(JsonText.text(parameters))
                .isEmpty();
    }

    private static JsonNode descriptor(JsonNode schema) {
        var tool = JsonNodeFactory.instance.objectNode().put("name", "get");
        return tool.set("inputSchema", schema);
    }

    /** The tool as it could be approved; empty if it cannot. */
    private static Optional<CatalogTool> vetted(JsonNode descriptor) {
        var vetted = DescriptorVetting.vet(SERVER, List.of(descriptor)).getFirst();
        return vetted.rejected()
                ? Optional.empty()
                : Optional.of(
                        new CatalogTool(
                                vetted.descriptor(),
                                vetted.findings(),
                                ToolStatus.APPROVED,
                                Optional.empty(),
                                Risk.READ,
                                Set.of(),
                                true));
    }

    private void check(JsonNode descriptor, int values) {
        var vetted = vetted(descriptor);
        if (vetted.isEmpty()) {
            return;
        }
        var before = JsonText.text(descriptor);
        var copy = FunctionTools.of(vetted.get()).at("/function/parameters");
        assertThat(JsonText.text(descriptor)).isEqualTo(before);
        assertThat(JsonText.write(copy).length)
                .isLessThan(2 * before.getBytes(UTF_8).length + 2_048);
        var listed = vetted.get().listed().inputSchema();
        var tool = compiled(listed).orElseThrow();
        var offered = compiled(copy);
        var instances = new SchemaInstances(listed, random);
        for (int n = 0; n < values && offered.isPresent() && !hasAlternatives(listed); n++) {
            var value = instances.next();
            if (tool.validate(value).isEmpty()) {
                assertThat(offered.get().validate(value))
                        .as("%s of %s", JsonText.text(value), JsonText.text(copy))
                        .isEmpty();
            }
        }
    }

    /** A copy may be larger than what vetting takes, and is fine otherwise. */
    private static Optional<ArgumentValidator> compiled(JsonNode schema) {
        try {
            return Optional.of(ArgumentValidator.compile(schema, true));
        } catch (RejectedSchema e) {
            assertThat(e.rule()).as(JsonText.text(schema)).isEqualTo("schema_too_large");
            return Optional.empty();
        }
    }

    private static boolean hasAlternatives(JsonNode schema) {
        var text = JsonText.text(schema);
        return schema.has("anyOf")
                || schema.has("oneOf")
                || (schema.has("$ref") || schema.has("allOf")) && text.contains("Of\":");
    }
}
