package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H2: texts are brought to one spelling in time that grows as they do. */
@Timeout(60)
class FoldingTest {
    @ParameterizedTest
    @CsvSource({
        "IGNORE,ignore",
        "ｉｇｎｏｒｅ,ignore",
        "іgnоre,ignore",
        "ig\u200bnore,ignore",
        "e\u0301,\u00e9",
        "ﬁle,file",
        "ｶﾞ,ガ",
        "가,가"
    })
    void foldsWhatLooksAlike(String text, String folded) {
        assertThat(Folding.fold(text)).isEqualTo(folded);
    }

    /** Each of these is one character's marks, in the order that sorting likes least. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0300|\u0316",
                "a\u0301\u0301|\u0323\u0316",
                "\u0344|\u0316",
                "\u0300\uff9e|\u0300",
                "\u0f73|\u0f71",
                "\ud834\udd65|\u0316",
                "\u064b|\u0316"
            })
    void sortsNoEndlessMarks(String marks) {
        int bar = marks.indexOf('|');
        var text =
                marks.substring(0, bar).repeat(131_072) + marks.substring(bar + 1).repeat(131_072);

        assertThat(Folding.fold(text)).hasSizeLessThan(400_000);
    }

    @Test
    void takesTheMarksThatAreTooManyAway() {
        var folded = Folding.fold("b" + "\u0316".repeat(5_000) + "c" + "\u0316".repeat(20));

        assertThat(folded).isEqualTo("b" + "\u0316".repeat(30) + "c" + "\u0316".repeat(20));
    }
}
