package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.Circuits.Health;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.gate.FreshPin.Seen;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.ListFreshness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Step 5, and the listing of step 2 that stands behind it. */
class CircuitsTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final McpServer SERVER = ExampleCatalog.server(TENANT, "docs");
    private static final CallContext CONTEXT =
            ExampleCall.context(TENANT, new OfferedTools.ServerTools(SERVER.slug()));

    private final Circuits circuits = new Circuits(new GateSettings(20));
    private final Queue<ListFreshness.Listing> listings = new ArrayDeque<>();
    private final FreshPin pin = new FreshPin(new ScriptedLists(), circuits);

    /** Never fresh; takes a second for each attempt. */
    private final class ScriptedLists implements ListFreshness {
        @Override
        public Optional<Listing.Listed> latest(McpServer server) {
            return Optional.empty();
        }

        @Override
        public Listing list(McpServer server, Duration patience) {
            return listings.remove();
        }
    }

    private Entry enter() {
        return circuits.of(SERVER).enter();
    }

    private Permit entered() {
        return ((Entry.Entered) enter()).permit();
    }

    private Permit permit() {
        var permit = entered();
        assertThat(permit.begin()).isTrue();
        return permit;
    }

    private boolean isOpen() {
        return !entered().begin();
    }

    /** Calls that wait for people, or are refused, leave the trials to others. */
    @Test
    void whoSendsNothingTakesNoTrial() {
        circuits.of(SERVER).breaker().transitionToOpenState();
        circuits.of(SERVER).breaker().transitionToHalfOpenState();
        var waiting = List.of(entered(), entered(), entered());

        permit().leave(Health.ANSWERS, 1);
        waiting.forEach(Permit::leaveUnused);
        permit().leave(Health.ANSWERS, 1);

        assertThat(circuits.of(SERVER).breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    /** H15. */
    @Test
    void aTrialThatSaysNothingGivesItsPermitBack() {
        circuits.of(SERVER).breaker().transitionToOpenState();
        circuits.of(SERVER).breaker().transitionToHalfOpenState();
        var trial = permit();
        permit();
        assertThat(isOpen()).isTrue();

        trial.leaveUnused();
        trial.leaveUnused();

        assertThat(isOpen()).isFalse();
        assertThat(isOpen()).isTrue();
    }

    /** H15. */
    @Test
    void aCallFromBeforeTheTrialsAddsNone() {
        var before = permit();
        circuits.of(SERVER).breaker().transitionToOpenState();
        circuits.of(SERVER).breaker().transitionToHalfOpenState();

        before.leaveUnused();

        permit();
        permit();
        assertThat(isOpen()).isTrue();
    }

    @Test
    void onlySilenceOpens() {
        for (int calls = 0; calls < 20; calls++) {
            permit().leave(Health.ANSWERS, 1);
        }
        for (int calls = 0; calls < 9; calls++) {
            permit().leave(Health.SILENT, 1);
        }
        assertThat(isOpen()).isFalse();
        permit().leave(Health.SILENT, 1);
        assertThat(isOpen()).isTrue();
    }

    /** Use 13. */
    @Test
    void aServerThatWasMovedIsNotHeldForWhatItWasButItsCallsCount() {
        var moved = ExampleCatalog.server(TENANT, "docs", 7);
        var before = permit();
        circuits.of(SERVER).breaker().transitionToOpenState();

        assertThat(circuits.of(moved).breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(circuits.of(moved).bulkhead().getMetrics().getAvailableConcurrentCalls())
                .isEqualTo(19);
        assertThat(circuits.of(SERVER)).as("a call from before").isEqualTo(circuits.of(moved));
        before.leave(Health.SILENT, 1);
        assertThat(circuits.of(moved).bulkhead().getMetrics().getAvailableConcurrentCalls())
                .isEqualTo(20);
    }

    @Test
    void noMoreCallsAreUnderWayThanTheSettingSays() {
        for (int calls = 0; calls < 20; calls++) {
            permit();
        }
        assertThat(enter()).isInstanceOf(Entry.Busy.class);
    }

    /** H19. */
    @Test
    void aServerThatDoesNotListIsNotAskedForEver() throws InterruptedException {
        for (int calls = 0; calls < 10; calls++) {
            listings.add(ListFreshness.Listing.Failed.NOT_ANSWERED);
            assertThat(refusal()).isEqualTo(Reason.UPSTREAM_ERROR);
        }
        assertThat(refusal()).isEqualTo(Reason.CIRCUIT_OPEN);
    }

    /** H19. */
    @Test
    void aListingThatIsNotTriedOrNotUsableSaysNothingAgainstTheServer()
            throws InterruptedException {
        for (int calls = 0; calls < 20; calls++) {
            listings.add(
                    calls % 2 == 0
                            ? ListFreshness.Listing.Failed.NOT_TRIED
                            : ListFreshness.Listing.Failed.NOT_USABLE);
            assertThat(refusal()).isEqualTo(Reason.UPSTREAM_ERROR);
        }
        listings.add(new ListFreshness.Listing.Listed(""));
        assertThat(pin.check(SERVER, CONTEXT))
                .isInstanceOfSatisfying(
                        Seen.Lately.class,
                        it -> assertThat(it.context().timeout()).isLessThan(CONTEXT.timeout()));
    }

    /** H19. */
    @Test
    void whoWaitsForAListingIsCountedLikeACall() throws InterruptedException {
        for (int calls = 0; calls < 20; calls++) {
            permit();
        }
        assertThat(refusal()).isEqualTo(Reason.RATE_LIMITED);
    }

    private Reason refusal() throws InterruptedException {
        return ((Seen.TooLongAgo) pin.check(SERVER, CONTEXT)).reason();
    }
}
