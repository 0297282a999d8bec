package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.VettingStopped;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiling a pattern takes, where its text does not show it. */
class WidePatternTest {
    /** H1: where case does not count RE2/J looks at each character of a range, uninterruptibly. */
    @ParameterizedTest
    @DisplayName("SB-07 patterns of wide ranges that ignore case are counted by their width")
    @ValueSource(strings = {"(?i)", "(?i:%s)", "(?is)^"})
    void refusesManyWideRangesThatIgnoreCase(String flag) throws RejectedSchema {
        assertThat(rejection(wide(flag, 800, 20)).rule()).isEqualTo("unjudgeable_keyword");
        assertThat(rejection(wide(flag, 1, 60)).rule()).isEqualTo("schema_too_large");

        ArgumentValidator.compile(Corpus.json(wide(flag, 1, 40)), false);
    }

    @Test
    @DisplayName("SB-07 classes of categories are counted by what they hold")
    void refusesManyCategories() throws RejectedSchema {
        var words = "[\\\\p{L}\\\\p{N}]{1,60}";
        ArgumentValidator.compile(Corpus.json(ofNames(words, 200)), false);

        assertThat(rejection(ofNames("\\\\p{L}".repeat(100), 20)).rule())
                .isEqualTo("schema_too_large");
    }

    @Test
    void anInterruptedCompilationEndsSoon() {
        var schema = Corpus.json(wide("(?i)", 1, 40));
        Thread.currentThread().interrupt();
        try {
            assertThat(
                            catchThrowableOfType(
                                    VettingStopped.class,
                                    () -> ArgumentValidator.compile(schema, false)))
                    .isNotNull();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static String wide(String flag, int classes, int members) {
        var ranges = "[\u2100-\uffee]".repeat(classes);
        return ofNames(flag.contains("%s") ? flag.formatted(ranges) : flag + ranges, members);
    }

    /** Names that fit a pattern: none of those can be left out. */
    private static String ofNames(String pattern, int members) {
        return IntStream.range(0, members)
                .mapToObj(it -> "\"" + pattern + it + "\":{}")
                .collect(
                        Collectors.joining(
                                ",", "{\"type\":\"object\",\"patternProperties\":{", "}}"));
    }

    private static RejectedSchema rejection(String schema) {
        var tree = Corpus.json(schema);
        return catchThrowableOfType(
                RejectedSchema.class, () -> ArgumentValidator.compile(tree, false));
    }
}
