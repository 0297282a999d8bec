package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.Finding.Severity;
import io.sallyport.policy.ServerSlug;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** H3: what a descriptor costs to judge is in proportion to its size, and its size is bounded. */
@Timeout(60)
class LargeDescriptorTest {
    private static final int DEPTH = 50;

    @Test
    void rejectsADescriptorBeyondItsSizeUnread() throws MalformedJson {
        var vetted = vet(deep(4_000, 420 * 1024, "x"));

        assertThat(vetted.findings())
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "descriptor_too_large", Severity.REJECT));
    }

    /** Each of 5 000 strings stands below names of 200 000 characters: a gigabyte of pointers. */
    @Test
    void writesAPlaceOnlyWhereItFoundSomething() throws MalformedJson {
        assertThat(vet(deep(4_000, 250 * 1024, "x")).findings()).isEmpty();
    }

    @Test
    void keepsAFewKilobytesOfFindingsHoweverManyThereAre() throws MalformedJson {
        var findings = vet(deep(4_000, 250 * 1024, "a\u200bb")).findings();

        assertThat(findings).isNotEmpty().hasSizeLessThan(110);
        assertThat(findings).allSatisfy(it -> assertThat(it.pointer()).hasSizeLessThan(600));
        assertThat(findings.stream().mapToInt(it -> it.pointer().length()).sum())
                .isLessThan(32 * 1024);
    }

    @Test
    void showsDifferencesByShortPlaces() throws MalformedJson {
        var changes =
                DescriptorDiff.changes(deep(4_000, 250 * 1024, "x"), deep(4_000, 250 * 1024, "y"));

        assertThat(changes).hasSize(100);
        assertThat(changes).allSatisfy(it -> assertThat(it.pointer()).hasSizeLessThan(600));
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() throws MalformedJson {
        var tree = deep(10, 100 * 1024, "x");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> vet(tree)).isInstanceOf(VettingStopped.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static VettedTool vet(JsonNode tree) {
        var identity =
                new ServerIdentity(
                        new ServerSlug("notes"),
                        new Transport.StreamableHttp("https://n.test"),
                        "");
        return DescriptorVetting.vet(identity, List.of(tree)).getFirst();
    }

    /** A tool with {@code strings} strings below fifty long names, {@code bytes} in all. */
    private static JsonNode deep(int strings, int bytes, String string) throws MalformedJson {
        var name = "n".repeat((bytes - strings * (string.length() + 5)) / DEPTH - 8);
        var values =
                IntStream.range(0, strings)
                        .mapToObj(_ -> "\"" + string + "\"")
                        .collect(Collectors.joining(",", "[", "]"));
        var meta = ("{\"" + name + "\":").repeat(DEPTH) + values + "}".repeat(DEPTH);
        return StrictJson.read(
                "{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"},\"_meta\":" + meta + "}");
    }
}
