package io.sallyport.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.servers.ServerHealth.State;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Use 5. */
class ServerStatesTest {
    private static final ServerKey KEY = new ServerKey(new TenantId("acme"), new ServerSlug("crm"));
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private final ServerStates states = new ServerStates(Clock.fixed(NOW, ZoneOffset.UTC));

    private State state() {
        return states.of(KEY).orElseThrow().state();
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, DOWN",
        "TIMED_OUT, DOWN",
        "EGRESS_DENIED, DOWN",
        "UNAUTHORISED, UNAUTHORISED",
        "RESPONSE_TOO_LARGE, DEGRADED",
        "NOT_JSON, DEGRADED"
    })
    void aListingThatFailsSaysHowTheServerDoes(UpstreamFailure failure, State expected) {
        states.listingFailed(KEY, ServerFault.of(failure));

        assertThat(state()).isEqualTo(expected);
        states.listed(KEY);
        assertThat(state()).isEqualTo(State.UP);
        assertThat(states.of(KEY).orElseThrow().lastFault()).contains(ServerFault.of(failure));
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, false, DOWN",
        "UNREACHABLE, true, DEGRADED",
        "TIMED_OUT, true, DEGRADED",
        "SERVER_ERROR, true, DEGRADED",
        "UNAUTHORISED, true, UNAUTHORISED",
        "OVER_LIMIT, false, UP",
        "PROTOCOL_ERROR, true, UP"
    })
    void aCallThatFailsSaysLess(UpstreamFailure failure, boolean sent, State expected) {
        states.listed(KEY);
        states.called(KEY, new UpstreamReply.Failed(failure, sent));
        assertThat(state()).isEqualTo(expected);

        states.called(KEY, new UpstreamReply.Result(JsonNodeFactory.instance.objectNode(), 2));
        assertThat(state()).isEqualTo(State.UP);
        assertThat(states.of(KEY).orElseThrow().lastSuccess()).contains(NOW);
    }

    @Test
    void aCallThatIsAnsweredDoesNotMendAList() {
        states.listingFailed(KEY, ServerFault.of(UpstreamFailure.RESPONSE_TOO_LARGE));
        states.called(KEY, new UpstreamReply.RpcError(-32603, "no"));

        assertThat(state()).isEqualTo(State.DEGRADED);
    }

    @Test
    void aServerThatNobodyAskedHasNoState() {
        states.listed(KEY);
        states.forget(KEY);

        assertThat(states.of(KEY)).isEmpty();
    }
}
