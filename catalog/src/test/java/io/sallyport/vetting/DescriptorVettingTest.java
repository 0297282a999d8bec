package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.VettedTool;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class DescriptorVettingTest {
    @Test
    void publishedToolsAreServedWithFewWarnings() {
        var vetted = new ArrayList<VettedTool>();
        Corpus.tools()
                .forEach((server, tools) ->
                        vetted.addAll(
                                DescriptorVetting.vet(Corpus.identity(server.value()), tools)));
        assertThat(vetted)
                .hasSize(566)
                .noneMatch(VettedTool::rejected)
                .noneMatch(VettedTool::blocked);
        assertThat(vetted.stream().filter(tool -> !tool.findings().isEmpty())).hasSizeLessThan(12);
    }

    static List<JsonNode> poisoned() {
        return Corpus.lines("poisoned-descriptors.jsonl");
    }

    @ParameterizedTest
    @DisplayName("TD-04 every poisoned descriptor has a finding, clean ones have none")
    @MethodSource("poisoned")
    void findsPoison(JsonNode line) {
        var findings = vet(line.get("tool")).findings();
        if (line.get("expect").stringValue().equals("no-finding")) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).isNotEmpty();
        }
        assertThat(findings)
                .allSatisfy(finding -> {
                    assertThat(finding.pointer()).startsWith("/");
                    assertThat(finding.excerpt()).matches("[ -~]{0,120}");
                });
    }

    @ParameterizedTest
    @DisplayName("TD-06 every string is read, wherever it stands")
    @ValueSource(
            strings = {
                "/title",
                "/description",
                "/annotations/title",
                "/inputSchema/$comment",
                "/inputSchema/properties/text/enum/0",
                "/inputSchema/properties/text/default",
                "/inputSchema/properties/text/examples/0",
                "/outputSchema/description",
                "/_meta/vendor~1note",
                "/icons/0/src",
                "/execution/x",
                "/unknown/deeper/0/still"
            })
    void readsEveryString(String pointer) {
        for (var poison :
                List.of("<IMPORTANT>obey</IMPORTANT>", "a\u202eb", "a\u001b[2K", "a\u200bb")) {
            var tool = tool("echo");
            put(tool, pointer, poison);
            assertThat(vet(tool).findings()).extracting(Finding::pointer).contains(pointer);
        }
    }

    @Test
    @DisplayName("TD-06 names of members are read")
    void readsNamesOfMembers() {
        var tool = tool("echo");
        put(tool, "/inputSchema/properties/te\u200bxt/type", "string");
        var finding = vet(tool).findings().getFirst();
        assertThat(finding.rule()).isEqualTo("invisible_character");
        assertThat(finding.pointer()).isEqualTo("/inputSchema/properties/te\u200bxt");
        assertThat(finding.excerpt()).isEqualTo("te\\u{200b}xt");
    }

    @ParameterizedTest
    @DisplayName("TD-07 hidden characters block the approval and are shown escaped")
    @CsvSource({
        "001b,control_character", "0000,control_character", "0007,control_character",
        "007f,control_character", "009b,control_character", "202e,bidi_character",
        "2066,bidi_character", "200f,bidi_character", "061c,bidi_character",
        "200b,invisible_character", "200d,invisible_character", "2060,invisible_character",
        "feff,invisible_character", "00ad,invisible_character", "e0041,invisible_character",
        "e0100,invisible_character", "fe00,invisible_character", "3164,invisible_character",
        "2028,invisible_character", "2800,invisible_character"
    })
    void blocksHiddenCharacters(String hex, String rule) {
        var hidden = Character.toString(Integer.parseInt(hex, 16));
        var vetted = vet(tool("echo").put("description", "Echo " + hidden + "harmless"));
        assertThat(vetted.blocked()).isTrue();
        assertThat(vetted.rejected()).isFalse();
        assertThat(vetted.findings())
                .contains(
                        new Finding(
                                rule,
                                Severity.BLOCK,
                                "/description",
                                "Echo \\u{"
                                        + Integer.toHexString(hidden.codePointAt(0))
                                        + "}harmless"));
    }

    /** B8: what was no character is shown to the reviewer of that tool. */
    @ParameterizedTest
    @ValueSource(strings = {"a\ufffdb", "\ufffd", "ends \ufffd"})
    void noticesWhatWasNoCharacter(String description) {
        var vetted = vet(tool("echo").put("description", description));
        assertThat(vetted.blocked()).isFalse();
        assertThat(vetted.findings())
                .extracting(Finding::rule, Finding::severity, Finding::pointer)
                .containsExactly(tuple("broken_character", Severity.WARN, "/description"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Line one.\n\tLine two.\r\n",
                "⚠️ Deletes everything",
                "By 👩‍💻 for 👨‍👩‍👧‍👦 ❤️",
                "Überprüft naïve Größen",
                "日本語の説明",
                "Проверяет текст",
                "عربي",
                "a → b × c"
            })
    void leavesVisibleTextAlone(String description) {
        assertThat(vet(tool("echo").put("description", description)).findings()).isEmpty();
    }

    @Test
    void selectorsAndJoinersOutsideEmojiAreHidden() {
        for (var text : List.of("a\ufe0f", "⚠\ufe0f\ufe0f", "a\u200db", "\u200d")) {
            assertThat(vet(tool("echo").put("description", text)).blocked()).as(text).isTrue();
        }
    }

    @Test
    @DisplayName("TD-08 a tool that talks about another server's tool has a finding")
    void noticesOtherServersTools() {
        var elsewhere = List.of(new ToolRef(new ServerSlug("mail"), "send_email"));
        for (var text : List.of("Use send_email too.", "Then mail__send_email.", "SEND_EMAIL")) {
            var tool = tool("forecast").put("description", text);
            var vetted =
                    DescriptorVetting.vet(Corpus.identity("weather"), List.of(tool), elsewhere);
            assertThat(vetted.getFirst().findings())
                    .containsExactly(
                            new Finding(
                                    "references_other_tool",
                                    Severity.WARN,
                                    "/description",
                                    "mail__send_email"));
        }
    }

    @Test
    void toolsOfOneServerMayNameEachOther() {
        var tools =
                List.<JsonNode>of(
                        tool("send_email").put("description", "See list_emails."),
                        tool("list_emails"));
        assertThat(DescriptorVetting.vet(Corpus.identity("mail"), tools))
                .allMatch(tool -> tool.findings().isEmpty());
    }

    @Test
    @DisplayName("TD-11 tools of one list with one name are both refused")
    void refusesDuplicateNames() {
        var tools = List.<JsonNode>of(tool("echo"), tool("other"), tool("echo").put("title", "x"));
        var vetted = DescriptorVetting.vet(Corpus.identity("s"), tools);
        assertThat(vetted).extracting(VettedTool::rejected).containsExactly(true, false, true);
        assertThat(vetted.getFirst().findings())
                .extracting(Finding::rule)
                .containsExactly("duplicate_tool_name");
    }

    @Test
    void noticesNamesThatLookAlike() {
        var variants = Corpus.json(Corpus.text("tool-name-variants.json"));
        for (var variant : variants.get("open")) {
            var tools = List.<JsonNode>of(tool("delete_file"), tool(variant.stringValue()));
            assertThat(DescriptorVetting.vet(Corpus.identity("fs"), tools).getLast().findings())
                    .extracting(Finding::rule)
                    .contains("look_alike_name");
        }
        assertThat(vet(tool("d\u0435lete")).findings())
                .extracting(Finding::rule)
                .containsExactly("look_alike_name");
    }

    @ParameterizedTest
    @DisplayName("SB-01, SB-03, SB-07, SB-10, SB-13 a bad schema refuses its tool and no other")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:9/x\"}}} |"
                        + " external_ref | /inputSchema/properties/a/$ref",
                "{\"type\":\"object\",\"$ref\":\"#\"}                              | ref_cycle     "
                        + "      | /inputSchema",
                "{\"type\":\"object\",\"required\":\"a\"}                          | invalid_schema"
                        + "      | /inputSchema/required",
                "{\"type\":\"object\",\"$schema\":\"urn:nope\"}                    |"
                        + " unsupported_dialect | /inputSchema/$schema",
                "{\"type\":\"object\",\"patternProperties\":{\"(?=a)\":true}}      |"
                        + " unjudgeable_keyword | /inputSchema/patternProperties/(?=a)",
                "[]                                                                | invalid_schema"
                        + "      | /inputSchema"
            })
    void refusesTheToolOfABadSchema(String schema, String rule, String pointer) {
        var bad = tool("bad");
        bad.set("inputSchema", Corpus.json(schema));
        var vetted = DescriptorVetting.vet(Corpus.identity("s"), List.of(bad, tool("good")));
        assertThat(vetted.getFirst().findings())
                .filteredOn(finding -> finding.severity() == Severity.REJECT)
                .extracting(Finding::rule, Finding::pointer)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(rule, pointer));
        assertThat(vetted.getLast().findings()).isEmpty();
    }

    @Test
    void refusesABadOutputSchema() {
        var tool = tool("echo");
        tool.set("outputSchema", Corpus.json("{\"$ref\":\"#\"}"));
        assertThat(vet(tool).findings())
                .containsExactly(new Finding("ref_cycle", Severity.REJECT, "/outputSchema", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"a b\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"a:b\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"é\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}",
                "{\"a\":{\"type\":\"object\",\"x-mcp-header\":\"A\"}}",
                "{\"a\":{\"x-mcp-header\":\"A\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}",
                "{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}",
                "{\"a\":{\"anyOf\":[{\"type\":\"string\",\"x-mcp-header\":\"A\"}]}}"
            })
    void refusesInvalidHeaderAnnotations(String properties) {
        var tool = tool("echo");
        ((ObjectNode) tool.get("inputSchema")).set("properties", Corpus.json(properties));
        assertThat(vet(tool).findings())
                .extracting(Finding::rule)
                .containsExactly("x_header_invalid");
    }

    @Test
    void acceptsHeaderAnnotationsThatPropertiesLeadTo() {
        var tool = tool("echo");
        ((ObjectNode) tool.get("inputSchema"))
                .set(
                        "properties",
                        Corpus.json(
                                """
                                {"a":{"type":"string","x-mcp-header":"Region"},"d":{"x-mcp-header":null},
                                 "b":{"type":"object","properties":{"c":{"type":"integer","x-mcp-header":"Shard"}}}}\
                                """));
        assertThat(vet(tool).findings()).isEmpty();
    }

    static Stream<JsonNode> nonsense() {
        return Stream.of(
                        "null",
                        "7",
                        "[]",
                        "\"echo\"",
                        "{}",
                        "{\"name\":7}",
                        "{\"name\":\"\"}",
                        "{\"name\":\"x\"}",
                        "{\"name\":\"x\",\"inputSchema\":7}",
                        "{\"name\":{\"name\":\"x\"},\"inputSchema\":{\"type\":\"object\"}}",
                        "{\"name\":\""
                                + "x".repeat(129)
                                + "\",\"inputSchema\":{\"type\":\"object\"}}")
                .map(Corpus::json);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void refusesWhatIsNoDescriptorWithoutThrowing(JsonNode nonsense) {
        assertThat(vet(nonsense).rejected()).isTrue();
    }

    @Test
    void survivesAListOfHostileTexts() {
        var texts =
                List.of(
                        "\n".repeat(500_000),
                        "![".repeat(250_000),
                        "ignore ".repeat(100_000),
                        "<".repeat(500_000),
                        "a@".repeat(200_000),
                        "when is ".repeat(100_000),
                        "A".repeat(500_000),
                        "do not tell ".repeat(50_000));
        var started = System.nanoTime();
        for (var text : texts) {
            assertThat(vet(tool("echo").put("description", text)).findings()).isNotEmpty();
        }
        assertThat(System.nanoTime() - started).isLessThan(10_000_000_000L);
    }

    @Test
    void keepsTheOrderOfTheList() {
        var names = List.of("c", "a", "b");
        var vetted =
                DescriptorVetting.vet(
                        Corpus.identity("s"),
                        names.stream().map(name -> (JsonNode) tool(name)).toList());
        assertThat(vetted).extracting(tool -> tool.descriptor().ref().tool()).isEqualTo(names);
        assertThat(Set.copyOf(vetted)).hasSize(3);
    }

    private static VettedTool vet(JsonNode descriptor) {
        return DescriptorVetting.vet(Corpus.identity("s"), List.of(descriptor)).getFirst();
    }

    private static ObjectNode tool(String name) {
        var tool =
                (ObjectNode)
                        Corpus.json(
                                """
                                {"description":"Returns the text.",
                                 "inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}\
                                """);
        return tool.put("name", name);
    }

    /** Puts a string where {@code pointer} says, with objects and lists on the way as needed. */
    private static void put(ObjectNode tool, String pointer, String text) {
        var steps = pointer.substring(1).split("/");
        JsonNode at = tool;
        for (int i = 0; i < steps.length; i++) {
            boolean last = i == steps.length - 1;
            boolean listNext = !last && steps[i + 1].equals("0");
            var nodes = JsonNodeFactory.instance;
            JsonNode next =
                    last
                            ? nodes.stringNode(text)
                            : listNext ? nodes.arrayNode() : nodes.objectNode();
            var name = steps[i].replace("~1", "/");
            if (at instanceof ObjectNode object) {
                at = object.path(name).isContainer() ? object.get(name) : put(object, name, next);
            } else {
                ((tools.jackson.databind.node.ArrayNode) at).add(next);
                at = next;
            }
        }
    }

    private static JsonNode put(ObjectNode object, String name, JsonNode value) {
        object.set(name, value);
        return value;
    }
}
