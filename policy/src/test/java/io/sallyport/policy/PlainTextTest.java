package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"रीना", "สวัสดี", "a\u0301b", "\u05e9\u05c1\u05b8", "plain"})
    void anExcerptShowsMarksOnTheirLetters(String text) {
        assertThat(PlainText.excerpt(text)).isEqualTo("'" + text + "'");
    }

    @Test
    void anExcerptShowsNothingHidden() {
        assertThat(PlainText.excerpt("\u0301a\u202eb\u0000c")).isEqualTo("'?a?b?c'");
        assertThat(PlainText.excerpt("a".repeat(41))).isEqualTo("'" + "a".repeat(40) + "…'");
        assertThat(PlainText.excerpt("a".repeat(40))).isEqualTo("'" + "a".repeat(40) + "'");
    }
}
