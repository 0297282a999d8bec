package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.YamlCases.Entry;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every document of {@code src/test/resources/documents}, then what a file cannot hold. */
class PolicyDocumentsTest {
    static Stream<Named<Entry>> documents() {
        return YamlCases.files(
                "documents",
                file ->
                        file.only("documents")
                                .entries("documents")
                                .map(PolicyDocumentsTest::named));
    }

    private static Named<Entry> named(Entry one) {
        one.only("name", "document", "refused", "remarks");
        return Named.of(one.file() + ": " + one.text("name"), one);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void findsWhatTheCaseFileSays(Entry one) {
        var found =
                one.has("refused")
                        ? Policies.refusal(one.text("document"))
                        : Policies.remarks(one.text("document"));
        var expected = one.entries(one.has("refused") ? "refused" : "remarks");

        assertThat(places(found)).isEqualTo(expected.map(PolicyDocumentsTest::place).toList());
    }

    /** A character of two UTF-16 units may stand anywhere; the fuzz lane found where it did not. */
    @Test
    void readsACharacterOfTwoUnitsAtEveryPlace() {
        for (int length = 1_000; length < 1_100; length++) {
            var document = "rules: [] # " + "x".repeat(length) + "\ud83d\ude00 and more\n";
            assertThat(Policy.read(document)).isInstanceOf(PolicyReading.Valid.class);
        }
    }

    private static List<String> places(List<PolicyFinding> findings) {
        return findings.stream()
                .map(one -> one.code() + " " + one.line() + ":" + one.column())
                .toList();
    }

    private static String place(Entry expected) {
        expected.only("code", "line", "column");
        return expected.text("code")
                + " "
                + expected.number("line")
                + ":"
                + expected.number("column");
    }

    @Test
    void refusesMoreThan256KiBWithoutReadingThem() {
        assertThat(places(Policies.refusal("#".repeat(256 * 1024 + 1))))
                .containsExactly("too_large 1:1");
        assertThat(places(Policies.refusal("#" + "é".repeat(128 * 1024))))
                .containsExactly("too_large 1:1");
    }

    @Test
    void accepts256KiB() {
        var rules = "rules: []\n";
        var comment = "#".repeat(256 * 1024 - rules.length());
        assertThat(Policies.remarks(rules + comment)).isEmpty();
    }

    @Test
    void refusesDeepNestingOfAnyKind() {
        assertThat(places(Policies.refusal("[".repeat(200_000)))).containsExactly("too_deep 1:18");
        assertThat(places(Policies.refusal("{a: ".repeat(60_000))))
                .singleElement()
                .asString()
                .startsWith("too_deep");
        var block = Stream.iterate("- ", _ -> "- ").limit(30_000).collect(Collectors.joining());
        assertThat(places(Policies.refusal(block))).containsExactly("too_deep 1:35");
    }

    @Test
    void refusesCharactersThatYamlDoesNotAllow() {
        assertThat(places(Policies.refusal("rules:\n  - \u0000")))
                .containsExactly("invalid_yaml 2:5");
        assertThat(places(Policies.refusal("rules:\n  - \u001b[2K")))
                .containsExactly("invalid_yaml 2:5");
        assertThat(places(Policies.refusal("rules: [\ud800]"))).containsExactly("invalid_yaml 1:9");
    }

    @Test
    void reportsAtMostAHundredFindings() {
        var rules = "- {id: a, effect: nothing, tools: []}\n".repeat(500);
        assertThat(Policies.refusal("rules:\n" + rules)).hasSize(100);
    }

    @Test
    void findingsStandInTheOrderOfTheDocument() {
        var findings =
                Policies.refusal(
                        """
                        rules:
                          - {tools: [x], effect: maybe, id: "no good", extra: 1}
                        """);
        assertThat(places(findings))
                .containsExactly(
                        "bad_tool 2:14",
                        "unknown_effect 2:26",
                        "bad_id 2:37",
                        "unknown_member 2:48");
    }

    @Test
    void messagesRepeatOnlyAShortAndVisiblePartOfTheDocument() {
        var secret = "sk-" + "s3cret".repeat(50);
        var findings =
                Policies.refusal(
                        "rules:\n- {id: a, effect: \"\\e[31m%s\", tools: [\"*\"]}"
                                .formatted(secret));
        assertThat(findings)
                .singleElement()
                .satisfies(one -> assertThat(one.message()).doesNotContain(secret, "\u001b"))
                .satisfies(
                        one -> assertThat(one.message()).hasSizeLessThan(120).startsWith("'?[31m"));
    }

    @Test
    void aHostileDocumentIsAFindingAndNeverAnException() {
        var random = new Random(7);
        var alphabet = "rules:-[]{}&*!|>'\"%@`,#?\n\t idefctal/\\\u0000\u2028\ufeff\ud83d";
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder();
            random.ints(random.nextInt(60), 0, alphabet.length())
                    .forEach(at -> text.append(alphabet.charAt(at)));
            assertThat(Policy.read(text.toString())).isNotNull();
        }
    }
}
