package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** H3, R4. */
class ByteBudgetTest {
    private static final long MEGABYTE = 1_000_000;

    private final ByteBudget budget = new ByteBudget(100 * MEGABYTE);

    @Test
    void anAnswerCountsWithItsTreeUntilItWasHandedOn() {
        try (var claim = budget.claim("acme", "k1")) {
            AnswerRoom room = claim::grow;
            assertThat(room.takesAnswer("[".repeat(2_000_000).getBytes(US_ASCII))).isFalse();
            assertThat(room.takesAnswer("[[],{\"a\":1}]".getBytes(US_ASCII))).isTrue();
            assertThat(budget.held()).isZero();

            assertThat(room.takesAnswer("[],".repeat(100_000).getBytes(US_ASCII))).isTrue();
            assertThat(budget.held()).isGreaterThan(10 * MEGABYTE);
        }
        assertThat(budget.held()).isZero();
    }

    @Test
    void aKeyHasTwoFifthsAndItsTenantHalf() {
        assertThat(budget.claim("acme", "k1").grow(40 * MEGABYTE)).isTrue();
        assertThat(budget.claim("acme", "k1").grow(MEGABYTE)).isFalse();
        assertThat(budget.claim("acme", "k2").grow(10 * MEGABYTE)).isTrue();
        assertThat(budget.claim("acme", "k2").grow(MEGABYTE)).isFalse();
        assertThat(budget.claim("other", "k1").grow(25 * MEGABYTE)).isTrue();
    }

    @Test
    void theLastQuarterIsForWhatIsSmall() {
        budget.claim("a", "k").grow(40 * MEGABYTE);
        budget.claim("b", "k").grow(35 * MEGABYTE);
        assertThat(budget.claim("c", "k").grow(MEGABYTE)).isFalse();
        assertThat(budget.claim("c", "k").grow(MEGABYTE / 2)).isTrue();
    }

    @Test
    void whatIsAnnouncedCountsForItsOwnTenantOnly() {
        for (var tenant : List.of("a", "b", "c", "d")) {
            assertThat(budget.claim(tenant, "k1").expect(40 * MEGABYTE)).isTrue();
            assertThat(budget.claim(tenant, "k1").expect(MEGABYTE)).isFalse();
            assertThat(budget.claim(tenant, "k2").grow(11 * MEGABYTE)).isFalse();
        }
        assertThat(budget.held()).isZero();
        assertThat(budget.claim("e", "k1").grow(40 * MEGABYTE)).isTrue();
    }

    @Test
    void whatWasAnnouncedCountsForAllAsItComes() {
        var claim = budget.claim("a", "k");
        claim.expect(30 * MEGABYTE);
        assertThat(claim.grow(30 * MEGABYTE)).isTrue();
        assertThat(budget.held()).isEqualTo(30 * MEGABYTE);
        assertThat(claim.grow(11 * MEGABYTE)).isFalse();
        assertThat(claim.grow(10 * MEGABYTE)).isTrue();
        claim.close();
        assertThat(budget.held()).isZero();
        assertThat(budget.claim("a", "k").grow(40 * MEGABYTE)).isTrue();
    }

    @Test
    void whatCouldNotBeHeldEvenNowIsNotExpected() {
        budget.claim("a", "k").grow(40 * MEGABYTE);
        budget.claim("b", "k").grow(30 * MEGABYTE);
        assertThat(budget.claim("c", "k").expect(6 * MEGABYTE)).isFalse();
        assertThat(budget.claim("c", "k").expect(5 * MEGABYTE)).isTrue();
    }

    /** Two tenants hold all that is not in reserve, and go on with small ones. */
    @Test
    void aTenantHasAnEighthOfTheReserve() {
        var open = new ArrayList<ByteBudget.Claim>();
        for (var tenant : List.of("a", "b")) {
            for (var key : List.of("k1", "k2")) {
                var more = true;
                while (more) {
                    var claim = budget.claim(tenant, key);
                    more = claim.grow(MEGABYTE / 2);
                    open.add(claim);
                }
            }
        }
        for (var tenant : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            var claim = budget.claim(tenant, "k3");
            open.add(claim);
            assertThat(claim.grow(600_000)).as(tenant).isEqualTo(tenant.compareTo("b") > 0);
        }
        open.forEach(ByteBudget.Claim::close);
        assertThat(budget.held()).isZero();
        assertThat(budget.claim("a", "k1").grow(40 * MEGABYTE)).isTrue();
    }

    @Test
    void whatIsClosedIsFreeOnce() {
        var claim = budget.claim("acme", "k1");
        claim.grow(40 * MEGABYTE);
        claim.close();
        claim.close();
        assertThat(claim.grow(1)).isFalse();
        assertThat(budget.held()).isZero();
        assertThat(budget.claim("acme", "k1").grow(40 * MEGABYTE)).isTrue();
    }

    @Test
    void knowsWhatNeverFits() {
        assertThat(budget.isEverEnoughFor(40 * MEGABYTE)).isTrue();
        assertThat(budget.isEverEnoughFor(41 * MEGABYTE)).isFalse();
    }

    /** As measured on trees of 2 MB: bytes of the tree by bytes of the text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "[]|18",
                "{}|32",
                "{\"a\":1}|28",
                "\"abcdefgh\"|7",
                "{\"a\":{\"b\":{\"c\":[]}}}|33",
                "[[[[[]]]]]|43",
                "1.5|30",
                "{\"a\":\"x\",\"b\":\"y\",\"c\":\"z\"}|19"
            })
    void aTreeWeighsWhatItTakes(String element, int times) {
        var text = ("[" + (element + ",").repeat(999) + element + "]").getBytes(US_ASCII);
        var weight = JsonWeight.ofText(text.length) + JsonWeight.ofNodes(text);
        assertThat(weight).isBetween((long) text.length * times, (long) text.length * times * 4);
    }

    @Test
    void whatStandsInATextIsNoNode() {
        var text = "\"[{,:\\\"[{,:\\\\\"".getBytes(US_ASCII);
        assertThat(JsonWeight.ofNodes(text)).isZero();
    }
}
