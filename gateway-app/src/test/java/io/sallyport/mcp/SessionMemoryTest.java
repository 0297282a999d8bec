package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ExampleCatalog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class SessionMemoryTest {
    private static final Session.Greeting GREETING =
            new Session.Greeting("2025-11-25", JsonNodeFactory.instance.objectNode());

    private static final McpSettings SETTINGS =
            new McpSettings(
                    Sessions.MAX_EACH,
                    Duration.ofMinutes(30),
                    Listeners.MAX_EACH,
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5));

    private final Set<String> revoked = new HashSet<>();
    private final MovingClock clock = new MovingClock();
    private final Sessions sessions =
            new Sessions(
                    new OpenKeys(),
                    (_, _, _) -> {},
                    (_, key) -> !revoked.contains(key),
                    clock,
                    SETTINGS);
    private final Caller caller = new Caller(key(), "r1");
    private final Session.Owner owner = Session.Owner.of(caller, "/mcp");

    @Test
    void tenThousandForgottenSessionsLeaveNothingBehind() {
        for (int cycle = 0; cycle < 10_000; cycle++) {
            sessions.open(owner, "k1", GREETING);
            if (cycle % 500 == 0) {
                clock.pass(Duration.ofMinutes(31));
                sessions.sweep();
            }
        }
        clock.pass(Duration.ofMinutes(31));
        sessions.sweep();

        assertThat(sessions.count()).isZero();
    }

    @Test
    void onlyAnUnusedSessionEnds() {
        var used = sessions.open(owner, "k1", GREETING);
        var unused = sessions.open(owner, "k1", GREETING);
        clock.pass(Duration.ofMinutes(20));
        assertThat(sessions.find(used, caller, "/mcp")).isPresent();
        clock.pass(Duration.ofMinutes(20));
        sessions.sweep();

        assertThat(sessions.find(used, caller, "/mcp")).isPresent();
        assertThat(sessions.find(unused, caller, "/mcp")).isEmpty();
    }

    @Test
    void aPrincipalWithTooManySessionsLosesTheOneThatWasIdleLongest() {
        var first = sessions.open(owner, "k1", GREETING);
        clock.pass(Duration.ofSeconds(1));
        var second = sessions.open(owner, "k1", GREETING);
        for (int more = 0; more < Sessions.MAX_EACH - 1; more++) {
            clock.pass(Duration.ofMillis(1));
            sessions.open(owner, "k1", GREETING);
        }

        assertThat(sessions.count()).isEqualTo(Sessions.MAX_EACH);
        assertThat(sessions.find(first, caller, "/mcp")).isEmpty();
        assertThat(sessions.find(second, caller, "/mcp")).isPresent();
    }

    @Test
    void aSessionEndsWithTheKeyThatOpenedIt() {
        var orphan = sessions.open(owner, "k1", GREETING);
        var other = sessions.open(owner, "k2", GREETING);
        revoked.add("k1");

        assertThat(sessions.find(orphan, caller, "/mcp")).isEmpty();
        sessions.sweep();
        assertThat(sessions.count()).isOne();
        assertThat(sessions.find(other, caller, "/mcp")).isPresent();
    }

    private static ApiKey key() {
        return ExampleCatalog.agentKey(new TenantId("acme"), "user:ada");
    }

    /** Seals nothing and forgets the context. */
    private static final class OpenKeys implements StateKeys {
        @Override
        public String seal(byte[] plain, String context) {
            return Base64.getUrlEncoder().encodeToString(plain);
        }

        @Override
        public Optional<byte[]> open(String sealed, String context) {
            return Optional.of(sealed.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
