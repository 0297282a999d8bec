package io.sallyport.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.error.Reason;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.ListFreshness;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What is decided while rules and servers change: on what they are now, in the time that is left.
 */
class OvertakenDecisionTest {
    private static final String ALIAS = ExampleGate.ALIAS;
    private static final Continuation STATE = new Continuation.State(Optional.of("theirs"));

    private final ExampleGate gate = new ExampleGate();
    private final FakeWorld world = gate.world;

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void aDecisionThatWasOvertakenIsMadeAgain() throws InterruptedException {
        world.appended.add(new Appended.Stale());

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("intent", "refresh", "intent", "send", "outcome");
    }

    /** By a change that another gateway made, say, while the server was listed for the call. */
    @Test
    void aDecisionWhoseListingWasOvertakenIsMadeAgain() throws InterruptedException {
        world.isFresh = false;
        world.listings.add(new ListFreshness.Listing.Overtaken());

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects)
                .containsExactly("list", "refresh", "list", "intent", "send", "outcome");
    }

    /** An admin gave the calls of the server more time, or less, while this one was decided on. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20})
    void aDecisionThatIsMadeAgainHasTheTimeOfTheNewRules(int seconds) throws InterruptedException {
        var limit = Duration.ofSeconds(seconds);
        world.view =
                ExampleGate.view(
                        "allow",
                        ExampleCatalog.server(ExampleGate.TENANT, "docs", Duration.ofSeconds(2)));
        world.later.add(
                ExampleGate.view(
                        "allow", ExampleCatalog.server(ExampleGate.TENANT, "docs", limit)));
        world.appended.add(new Appended.Stale());

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.sent.getFirst().timeout()).isBetween(limit.dividedBy(2), limit);
    }

    /** Nothing is sent that could not be answered in time. */
    @Test
    void aDecisionThatIsMadeAgainAfterItsTimeIsRefused() throws InterruptedException {
        var limit = Duration.ofNanos(1);
        world.later.add(
                ExampleGate.view(
                        "allow", ExampleCatalog.server(ExampleGate.TENANT, "docs", limit)));
        world.appended.add(new Appended.Stale());

        gate.assertRefused(
                gate.call(ALIAS, "{}"),
                Reason.POLICY_UNAVAILABLE,
                "intent",
                "refresh",
                "call.denied");
    }

    /** What an earlier decision took is gone, whatever it took it for. */
    @Test
    void aDecisionThatIsMadeAgainHasLessTime() throws InterruptedException {
        world.appended.add(new Appended.Stale());

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.sent.getFirst().timeout()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aServerThatChangesWheneverItIsListedIsNotListedForEver() throws InterruptedException {
        world.isFresh = false;
        world.listing = new ListFreshness.Listing.Overtaken();

        assertThat(gate.call(ALIAS, "{}"))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> assertThat(it.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE));
        assertThat(world.effects).containsOnly("list", "refresh", "call.denied").hasSize(10);
        assertThat(world.entries.getLast())
                .isInstanceOfSatisfying(
                        TrailEntry.Fact.class,
                        it -> assertThat(it.record().what().tool().server()).isEqualTo("docs"));
    }

    /** It was moved, and its approvals hold there: the answers do not follow it. */
    @Test
    void whatAServerAskedIsAnsweredToNoOtherPlace() throws InterruptedException {
        var answers = JsonNodeFactory.instance.objectNode().put("q", "a secret");
        var here = ExampleGate.SERVER.transport().place();
        var elsewhere = new Continued(STATE, answers, "https://docs.example/v1/mcp");

        gate.assertRefused(goOn(elsewhere), Reason.REQUEST_STATE_INVALID, "call.denied");
        world.effects.clear();
        assertThat(goOn(new Continued(STATE, answers, here)))
                .isInstanceOf(CallOutcome.Completed.class);
    }

    private CallOutcome goOn(Continued continued) throws InterruptedException {
        var call =
                new ToolCall(
                        ALIAS,
                        new ToolCall(ALIAS, "{}".getBytes(UTF_8)).arguments(),
                        Optional.of(continued));
        return gate.call(call, ClientContext.SILENT);
    }
}
