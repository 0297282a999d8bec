package io.sallyport.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.ResourceTemplate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers list a thousand templates; what one request may spend on them is ours to say. */
class TemplateWorkTest {
    private static final int ITEMS = 1_000;

    private final TemplateWork work = new TemplateWork();

    private long found(String uri, Stream<String> templates) {
        return templates
                .map(it -> ResourceTemplate.compile(it).orElseThrow())
                .filter(it -> work.matches(it, uri))
                .count();
    }

    private static Stream<String> times(String template) {
        return IntStream.range(0, ITEMS).mapToObj(_ -> template);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{+a}", "{a}{+b}", "{+a}{#b}{?c}"})
    void costlyTemplatesEndWhereTheWorkIsSpent(String expression) {
        var uri = "x:" + "a".repeat(2_000);
        var costly = "x:" + expression.repeat(10);

        assertThat(found(uri, times(costly))).isBetween(1L, ITEMS / 4L);
        assertThat(found("x:a", times("x:{a}"))).isZero();
    }

    @Test
    void ordinaryTemplatesAreAllLookedAt() {
        var uri = "docs://handbook/chapters/" + "section-".repeat(6) + "/pages/12?lang=en";
        var other = times("docs://handbook/chapters/{chapter}/figures/{figure}{?lang}");
        var own = Stream.of("docs://handbook/chapters/{chapter}/pages/{page}{?lang}");

        assertThat(found(uri, Stream.concat(other, own))).isEqualTo(1);
    }

    /** They share no beginning with the URI. */
    @Test
    void whatBeginsOtherwiseCostsNothing() {
        var far = times("y:" + "{+a}".repeat(32));

        assertThat(found("x:" + "a".repeat(2_000), Stream.concat(far, Stream.of("x:{+a}"))))
                .isEqualTo(1);
    }
}
