package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CallTimes;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long one call may take: the shortest of what its face, its server and its tool allow. */
class CallContextTest {
    private static CallContext of(int seconds) {
        var tenant = new TenantId("acme");
        return ExampleCall.context(
                tenant,
                new OfferedTools.ServerTools(new ServerSlug("docs")),
                ClientContext.SILENT,
                Duration.ofSeconds(seconds));
    }

    private static final CallTimes TIMES =
            new CallTimes(
                    Duration.ofSeconds(60),
                    Map.of("import", Duration.ofSeconds(240), "ping", Duration.ofSeconds(2)));

    /** On the MCP face five minutes, in chat what the alias and the rest of the run allow. */
    @ParameterizedTest
    @CsvSource({
        "300, other, 60",
        "300, import, 240",
        "300, ping, 2",
        "45, other, 45",
        "45, import, 45",
        "45, ping, 2",
        "1, ping, 1"
    })
    void isTheShortestOfAll(int face, String tool, int expected) {
        assertThat(of(face).within(TIMES.of(tool)).timeout())
                .isEqualTo(Duration.ofSeconds(expected));
    }

    @Test
    void isThirtySecondsUnlessTheServerSaysOtherwise() {
        assertThat(of(300).within(CallTimes.STANDARD.of("any")).timeout())
                .isEqualTo(Duration.ofSeconds(30));
    }
}
