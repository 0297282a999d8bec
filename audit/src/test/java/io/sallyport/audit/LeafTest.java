package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeafTest {
    private static final String LEAF =
            "{\"kind\":\"heartbeat\",\"log\":\"acme\",\"ts\":7,\"v\":1,\"writer\":{\"epoch\":3,"
                    + "\"id\":\"gw1\",\"prev\":\""
                    + "ab".repeat(32)
                    + "\",\"seq\":2}}";

    @Test
    void readsTheFrame() {
        Leaf leaf = Leaf.parse(LEAF.getBytes(UTF_8)).orElseThrow();
        assertThat(leaf.frame().recordId()).hasToString("gw1:3:2");
        assertThat(leaf.micros()).isEqualTo(7);
        assertThat(leaf.sealed()).isEqualTo(AuditRecord.Sealed.NONE);
        assertThat(leaf.change()).isEqualTo(AuditRecord.Change.NONE);
    }

    @Test
    void acceptsMembersOfLaterVersionsOfTheSameFormat() {
        String later = LEAF.replace("{\"kind\"", "{\"extra\":{\"a\":[1]},\"kind\"");
        assertThat(Leaf.parse(later.getBytes(UTF_8))).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            delimiter = '|',
            value = {
                "\"v\":1|\"v\":2",
                "\"v\":1|\"v\":\"1\"",
                "\"ts\":7|\"ts\":-7",
                "\"ts\":7|\"ts\":\"7\"",
                "\"kind\":\"heartbeat\"|\"kind\":\"\"",
                "\"log\":\"acme\"|\"log\":\"\"",
                "\"log\":\"acme\",|",
                "\"epoch\":3|\"epoch\":0",
                "\"epoch\":3|\"epoch\":\"3\"",
                "\"seq\":2|\"seq\":0",
                "\"seq\":2|\"seq\":1",
                "\"gw1\"|\"GW1\"",
                "\"gw1\"|\"\"",
                "\"prev\":\"ab|\"prev\":\"AB",
                "\"prev\":\"ab|\"prev\":\"",
                "\"prev\":\"ab|\"prev\":\"abab",
                "\"v\":1,|\"v\": 1,"
            })
    void refusesWhatNoWriterWrites(String part, String replacement) {
        String broken = LEAF.replace(part, replacement == null ? "" : replacement);
        assertThat(broken).isNotEqualTo(LEAF);
        assertThat(Leaf.parse(broken.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void refusesALeafOverTheLimit() {
        String padded = LEAF.replace("heartbeat", "h".repeat(LeafBody.MAX_LEAF));
        assertThat(Leaf.parse(padded.getBytes(UTF_8))).isEmpty();
    }
}
