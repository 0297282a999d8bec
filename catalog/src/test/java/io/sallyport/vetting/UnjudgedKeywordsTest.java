package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.ApprovalTerms;
import io.sallyport.catalog.Approving;
import io.sallyport.catalog.CatalogApproval;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.VettedCatalog;
import io.sallyport.catalog.VettedTool;
import io.sallyport.policy.Risk;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** B5. What cannot be judged is left out where that only allows more, and nowhere else. */
class UnjudgedKeywordsTest {
    private static final String ODD = "{\"type\":\"string\",\"pattern\":\"(?<!a)b\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?<=x)y",
                "(a)\\\\1",
                "a(?!b)c",
                "(?P<n>a)(?P=n)",
                "[^]a",
                "a{1,5000}b{1,5000}",
                "(?m)^a$",
                "^(\\\\p{Extended_Pictographic}|\\\\p{Emoji_Component})+$",
                "(?>a)b",
                "(?x) a"
            })
    void everyPatternThatSomeLanguageHas(String pattern) {
        var vetted = vet("{\"properties\":{\"a\":{\"pattern\":\"" + pattern + "\"}}}");
        assertThat(vetted.rejected()).isFalse();
        assertThat(vetted.findings())
                .extracting(Finding::rule, Finding::severity, Finding::pointer)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "unjudgeable_keyword",
                                Severity.WARN,
                                "/inputSchema/properties/a/pattern"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":ODD}}                            | /properties/a",
                "{\"properties\":{\"a\":{\"items\":ODD}}}                | /properties/a/items",
                "{\"properties\":{\"a\":{\"prefixItems\":[{},ODD]}}}     | /properties/a/prefixItems/1",
                "{\"allOf\":[{\"properties\":{\"a\":ODD}}]}              | /allOf/0/properties/a",
                "{\"additionalProperties\":ODD}                          | /additionalProperties",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/o\"}},\"$defs\":{\"o\":ODD}} | /$defs/o",
                "{\"if\":{\"required\":[\"a\"]},\"then\":{\"properties\":{\"a\":ODD}}}   | /then/properties/a",
                "{\"dependentSchemas\":{\"b\":{\"properties\":{\"a\":ODD}}}} | /dependentSchemas/b/properties/a",
                "{\"$defs\":{\"unused\":ODD}}                            | /$defs/unused"
            })
    void isLeftOutOfAConjunction(String schema, String place) {
        var vetted = vet(schema.replace("ODD", ODD));
        assertThat(vetted.rejected()).isFalse();
        assertThat(unjudged(vetted)).containsExactly("/inputSchema" + place + "/pattern");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":{\"not\":ODD}}}                  | /properties/a/not",
                "{\"properties\":{\"a\":{\"anyOf\":[ODD,{\"type\":\"null\"}]}}} | /properties/a/anyOf/0",
                "{\"oneOf\":[{\"properties\":{\"a\":ODD}}]}              | /oneOf/0/properties/a",
                "{\"if\":{\"properties\":{\"a\":ODD}}}                   | /if/properties/a",
                "{\"properties\":{\"a\":{\"contains\":ODD}}}             | /properties/a/contains",
                "{\"patternProperties\":{\"^x\":ODD}}                    | /patternProperties/^x",
                "{\"propertyNames\":ODD}                                 | /propertyNames",
                "{\"unevaluatedProperties\":ODD}                         | /unevaluatedProperties",
                "{\"properties\":{\"a\":{\"unevaluatedItems\":ODD}}}     | /properties/a/unevaluatedItems",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/o\"},\"b\":{\"not\":{\"$ref\":\"#/$defs/o\"}}},\"$defs\":{\"o\":ODD}} | /$defs/o",
                "{\"properties\":{\"a\":{\"not\":{\"allOf\":[{\"items\":ODD}]}}}} | /properties/a/not/allOf/0/items"
            })
    void isRejectedWhereItWouldTurnACheckRound(String schema, String place) {
        var vetted = vet(schema.replace("ODD", ODD));
        assertThat(vetted.findings())
                .filteredOn(it -> it.severity() == Severity.REJECT)
                .extracting(Finding::rule, Finding::pointer)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "unjudgeable_keyword", "/inputSchema" + place + "/pattern"));
    }

    @Test
    void theRestOfTheSchemaIsJudged() throws RejectedSchema {
        var schema =
                Corpus.json(
                        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"(?<!a)b\",\"maxLength\":3}}}");
        var validator = ArgumentValidator.compile(schema, false);
        assertThat(validator.validate(Corpus.json("{\"a\":\"xyz\"}"))).isEmpty();
        assertThat(validator.validate(Corpus.json("{\"a\":\"xyzz\"}"))).hasSize(1);
        assertThat(validator.validate(Corpus.json("{}"))).hasSize(1);
    }

    @Test
    void theApproverConfirmsEachPlace() {
        var tool = listed("{\"properties\":{\"a\":ODD,\"b\":ODD}}".replace("ODD", ODD));
        var a = "/inputSchema/properties/a/pattern";
        var b = "/inputSchema/properties/b/pattern";
        assertThat(tool.unjudged()).containsExactly(a, b);
        assertThat(approve(tool, Set.of())).isInstanceOf(Approving.OverrideRequired.class);
        assertThat(approve(tool, Set.of(a))).isInstanceOf(Approving.OverrideRequired.class);
        assertThat(approve(tool, Set.of(a, b))).isInstanceOf(Approving.Approved.class);
    }

    @Test
    void whoeverWritesArgumentsIsNotToldOfIt() {
        var tool = listed("{\"properties\":{\"a\":ODD,\"n\":null}}".replace("ODD", ODD));
        assertThat(tool.judgedSchema())
                .isEqualTo(
                        Corpus.json(
                                "{\"properties\":{\"a\":{\"type\":\"string\"},\"n\":{}},\"type\":\"object\"}"));
        assertThat(tool.listed().tree().at("/inputSchema/properties/a/pattern").isString())
                .isTrue();
    }

    /** B6, A10. */
    @Test
    void whoeverWritesArgumentsIsShownMapsForEmptyLists() {
        var schema = "{\"properties\":{\"a\":ODD,\"n\":true,\"o\":[]},\"$defs\":[]}";
        var tool = listed(schema.replace("ODD", ODD));
        assertThat(tool.judgedSchema())
                .isEqualTo(
                        Corpus.json(
                                "{\"properties\":{\"a\":{\"type\":\"string\"},\"n\":{},\"o\":{}},\"$defs\":{},\"type\":\"object\"}"));
    }

    @Test
    void anOutputSchemaIsTreatedAlike() {
        var tool = tool("{}");
        tool.set("outputSchema", Corpus.json("{\"properties\":{\"a\":" + ODD + "}}"));
        var vetted = DescriptorVetting.vet(Corpus.identity("s"), List.of(tool)).getFirst();
        assertThat(unjudged(vetted)).containsExactly("/outputSchema/properties/a/pattern");
        tool.set("outputSchema", Corpus.json("{\"not\":" + ODD + "}"));
        assertThat(DescriptorVetting.vet(Corpus.identity("s"), List.of(tool)).getFirst().rejected())
                .isTrue();
    }

    /** One confirmation of a pointer that was cut was one of every place that begins so. */
    @ParameterizedTest
    @ValueSource(strings = {"inputSchema", "outputSchema"})
    void aPlaceThatIsTooLongToBeConfirmedIsRejected(String member) {
        var name = "n".repeat(500);
        var properties = "{\"properties\":{\"%s1\":%s,\"%s2\":%s}}".formatted(name, ODD, name, ODD);
        var tool = tool("{}");
        tool.set(member, ((ObjectNode) Corpus.json(properties)).put("type", "object"));

        var vetted = DescriptorVetting.vet(Corpus.identity("s"), List.of(tool)).getFirst();

        assertThat(vetted.findings())
                .filteredOn(it -> it.rule().equals(Finding.UNJUDGED))
                .extracting(Finding::severity)
                .containsExactly(Severity.REJECT);
    }

    @Test
    void manyOfThemAreRejected() {
        var properties = new StringBuilder("{\"properties\":{");
        for (int i = 0; i < 51; i++) {
            properties.append(i == 0 ? "" : ",").append("\"p").append(i).append("\":").append(ODD);
        }
        assertThat(vet(properties + "}}").rejected()).isTrue();
    }

    private static Approving<CatalogTool> approve(CatalogTool tool, Set<String> unjudged) {
        var terms =
                new ApprovalTerms(
                        tool.listed().digest(), Risk.READ, Set.of(), false, true, unjudged);
        return CatalogApproval.approve(tool, terms);
    }

    private static CatalogTool listed(String schema) {
        return CatalogRefresh.apply(
                        ServerCatalog.EMPTY, new VettedCatalog(List.of(vet(schema)), List.of()))
                .catalog()
                .tools()
                .getFirst();
    }

    private static List<String> unjudged(VettedTool vetted) {
        return vetted.findings().stream()
                .filter(it -> it.rule().equals(Finding.UNJUDGED))
                .map(Finding::pointer)
                .toList();
    }

    private static VettedTool vet(String schema) {
        return DescriptorVetting.vet(Corpus.identity("s"), List.<JsonNode>of(tool(schema)))
                .getFirst();
    }

    private static ObjectNode tool(String schema) {
        var tool = (ObjectNode) Corpus.json("{\"name\":\"t\"}");
        tool.set("inputSchema", ((ObjectNode) Corpus.json(schema)).put("type", "object"));
        return tool;
    }
}
