package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.Finding.Severity;
import io.sallyport.policy.ServerSlug;
import io.sallyport.vetting.CatalogVetting;
import io.sallyport.vetting.DescriptorVetting;
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

    private static final ServerIdentity IDENTITY =
            new ServerIdentity(
                    new ServerSlug("notes"), new Transport.StreamableHttp("https://n.test"), "");

    @Test
    void rejectsADescriptorBeyondItsSizeUnread() throws MalformedJson {
        var vetted = vet(deep(4_000, 420 * 1024, "x"));

        assertThat(vetted.findings())
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "descriptor_too_large", Severity.REJECT));
    }

    /** Nobody's list decides how much of it is held: of what is too large only a few words are. */
    @Test
    void keepsNameSizeAndDigestOfWhatIsTooLarge() throws MalformedJson {
        var text = "x".repeat(Descriptor.MAX_BYTES);
        var members =
                IntStream.range(0, 30_000)
                        .mapToObj(it -> "'m" + it + "':1,")
                        .collect(Collectors.joining());
        var nodes = "[],".repeat(Descriptor.MAX_BYTES / 3) + "[]";
        for (var item :
                List.of(
                        "{'name':'n','uri':'n','uriTemplate':'n','x':'" + text + "'}",
                        "{'name':'n','uri':'n','uriTemplate':'n','x':[" + nodes + "]}",
                        "{" + members + "'name':'n','uri':'n','uriTemplate':'n'}",
                        "{'name':'n','uri':'n','uriTemplate':'n','x':'"
                                + "ü".repeat(140_000)
                                + "'}")) {
            var tree = StrictJson.read(item.replace('\'', '"'));
            var lists = List.of(tree);
            var vetted =
                    CatalogVetting.vet(
                            IDENTITY, new ServerLists(lists, lists, lists, lists), List.of());
            assertThat(vetted.tools()).hasSize(1).allSatisfy(it -> assertIsCut(it, tree));
            assertThat(vetted.entries()).hasSize(3).allSatisfy(it -> assertIsCut(it, tree));
            assertThat(vetted.tools().getFirst().descriptor().ref().tool()).isEqualTo("n");
        }
    }

    private static void assertIsCut(Vetted<?> item, JsonNode listed) {
        var kept = item.descriptor().tree();
        assertThat(item.findings())
                .extracting(Finding::rule)
                .containsExactly("descriptor_too_large");
        assertThat(JsonText.write(kept).length).isLessThan(100);
        assertThat(kept.path("not_shown").asString()).isEqualTo("descriptor_too_large");
        assertThat(kept.path("bytes").asInt()).isEqualTo(JsonText.write(listed).length);
        assertThat(item.descriptor().digest()).startsWith("sha256:");
    }

    /** The digest is of what came, so that a change of it is a change. */
    @Test
    void tellsTwoThatAreTooLargeApart() throws MalformedJson {
        var one = vet(deep(4_000, 420 * 1024, "x")).descriptor();
        var other = vet(deep(4_000, 420 * 1024, "y")).descriptor();
        assertThat(one.tree()).isEqualTo(other.tree());
        assertThat(one.digest()).isNotEqualTo(other.digest());
    }

    @Test
    void cutsANameThatIsTheWholeItem() throws MalformedJson {
        var name = "n".repeat(Descriptor.MAX_BYTES);
        var vetted = vet(StrictJson.read("{\"name\":\"" + name + "\"}"));
        assertThat(JsonText.write(vetted.descriptor().tree()).length).isLessThan(300);
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
        return DescriptorVetting.vet(IDENTITY, List.of(tree)).getFirst();
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
