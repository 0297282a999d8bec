package io.sallyport.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strangers name their members neither hides one nor decides how long showing them takes. */
class VisibleTreeTest {
    private static final int DOUBLES = 2_000;
    private static final String HIDDEN = "\u200b";
    private static final String ESCAPED = escaped();

    private static String escaped() {
        var one = AdminAnswer.JSON.objectNode().put(HIDDEN, 1);
        return VisibleTree.of(one).tree().properties().iterator().next().getKey();
    }

    @Test
    void membersThatLookTheSameAreNumbered() {
        var tree =
                AdminAnswer.JSON
                        .objectNode()
                        .put(ESCAPED, "a")
                        .put(HIDDEN, "b")
                        .put(ESCAPED + " (2)", "c");

        var shown = VisibleTree.of(tree).tree();

        assertThat(shown.path(ESCAPED).asString()).isEqualTo("a");
        assertThat(shown.path(ESCAPED + " (2)").asString()).isEqualTo("b");
        assertThat(shown.path(ESCAPED + " (2) (2)").asString()).isEqualTo("c");
    }

    /** Each double tried every name before it, and each was longer than the last. */
    @Test
    @Timeout(60)
    void manyDoublesAreOnePassAndShortNames() {
        var tree = AdminAnswer.JSON.objectNode();
        for (int i = 0; i < DOUBLES; i++) {
            tree.put(spelling(i), i);
        }
        assertThat(Descriptor.isTooLarge(tree)).isFalse();

        var shown = VisibleTree.of(tree).tree();

        assertThat(shown.size()).isEqualTo(DOUBLES);
        assertThat(shown.properties())
                .allMatch(it -> it.getKey().length() <= 12 * ESCAPED.length() + 7);
    }

    /** A number in binary, of a hidden character and of its escape: all look the same. */
    private static String spelling(int number) {
        var name = new StringBuilder();
        for (int bit = 0; bit < 12; bit++) {
            name.append((number >> bit & 1) == 0 ? HIDDEN : ESCAPED);
        }
        return name.toString();
    }

    @Test
    void whatIsTooLargeForEveryDescriptorIsNotShown() {
        var tree = AdminAnswer.JSON.objectNode().put("a", HIDDEN.repeat(Descriptor.MAX_BYTES));

        assertThat(VisibleTree.of(tree).tree().toString()).hasSizeLessThan(100);
    }
}
