package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds docs/concepts/isolation.md against the code: each bound is there, with its number. */
class IsolationTest {
    private static final IsolationPage PAGE = IsolationPage.read();
    private static final Sources SOURCES = Sources.read();

    @Test
    void thePageHasRows() {
        assertThat(PAGE.bounds()).hasSizeGreaterThan(10);
    }

    @Test
    void everyRowSaysWhoIsToldWhat() {
        assertThat(PAGE.bounds()).allSatisfy(row -> assertThat(row.told()).isNotBlank());
    }

    @Test
    void everyConstantHasTheNumberOfItsRow() {
        var wrong = new ArrayList<String>();
        for (var row : PAGE.bounds()) {
            assertThat(row.where()).as(row.resource()).isNotEmpty();
            row.where().forEach(it -> Bound.fault(it, row.bound()).ifPresent(wrong::add));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyTestOfARowExists() {
        var missing = new ArrayList<String>();
        for (var row : PAGE.bounds()) {
            assertThat(row.tests()).as(row.resource()).isNotEmpty();
            row.tests().stream().filter(it -> !SOURCES.hasTest(it)).forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyClassThatIsSaidToHoldSomethingDoes() {
        assertThat(PAGE.harmless()).isSubsetOf(SOURCES.holders());
    }

    @Test
    void everyQueueCacheAndPoolIsOnThePage() {
        var known = PAGE.classes();
        List<String> unknown =
                SOURCES.holders().stream().filter(it -> !known.contains(it)).sorted().toList();
        assertThat(unknown)
                .as("these hold something in a queue, map or pool: say on the page what bounds it")
                .isEmpty();
    }
}
