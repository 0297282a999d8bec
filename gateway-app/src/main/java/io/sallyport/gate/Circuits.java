package io.sallyport.gate;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.sallyport.catalog.McpServer;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Step 5: a breaker and a bulkhead for each tenant's server, so that nobody opens another's. */
final class Circuits {
    /**
     * Calls of one tenant that may be under way at one server, unless set otherwise: those of a
     * thousand chats that call the same tool at once.
     */
    static final int CONCURRENT_CALLS = 1_024;

    static final String BUSY = "Too many calls are under way; try again in a few seconds.";
    static final String OPEN = "The server has failed too often lately.";

    /** Longer than a call may take: should a trial never say how it ended, others are made. */
    private static final Duration LONGEST_TRIAL = Duration.ofMinutes(10);

    private static final CircuitBreakerConfig BREAKER =
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(20)
                    .minimumNumberOfCalls(10)
                    .failureRateThreshold(50)
                    .waitDurationInOpenState(Duration.ofSeconds(10))
                    .permittedNumberOfCallsInHalfOpenState(2)
                    .maxWaitDurationInHalfOpenState(LONGEST_TRIAL)
                    .build();

    /** Many more than servers are; circuits in which nothing happens go when it is reached. */
    private static final int MOST = 10_000;

    private final BulkheadConfig calls;
    private final Map<Key, Circuit> circuits = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, ServerSlug server) {}

    Circuits(GateSettings settings) {
        calls =
                BulkheadConfig.custom()
                        .maxConcurrentCalls(settings.callsPerServer())
                        .maxWaitDuration(Duration.ZERO)
                        .build();
    }

    /** A server that an admin moved is not held for what it was where it had been. */
    Circuit of(McpServer server) {
        var key = new Key(server.tenant(), server.slug());
        var known = circuits.get(key);
        if (known != null && known.revision() >= server.revision()) {
            return known;
        }
        if (circuits.size() >= MOST) {
            circuits.values().removeIf(Circuit::isQuiet);
        }
        return circuits.merge(key, create(key, server.revision()), Circuit::followedBy);
    }

    private Circuit create(Key key, long revision) {
        var name = key.tenant() + "/" + key.server();
        return new Circuit(CircuitBreaker.of(name, BREAKER), Bulkhead.of(name, calls), revision);
    }

    /**
     * One server's breaker and bulkhead.
     *
     * @param revision of the server as the breaker has seen it
     */
    record Circuit(CircuitBreaker breaker, Bulkhead bulkhead, long revision) {
        /** The calls that are under way count on, however often a server is moved. */
        Circuit followedBy(Circuit other) {
            return other.revision > revision
                    ? new Circuit(other.breaker, bulkhead, other.revision)
                    : this;
        }

        /** Whether a new one would be the same. */
        boolean isQuiet() {
            return breaker.getState() == CircuitBreaker.State.CLOSED
                    && bulkhead.getMetrics().getAvailableConcurrentCalls()
                            == bulkhead.getMetrics().getMaxAllowedConcurrentCalls();
        }

        /** Asks for one of the places of the bulkhead; the breaker is asked later. */
        Entry enter() {
            return bulkhead.tryAcquirePermission()
                    ? new Entry.Entered(new Permit(this))
                    : new Entry.Busy();
        }
    }

    /** The answer to {@link Circuit#enter}. */
    sealed interface Entry {
        record Entered(Permit permit) implements Entry {}

        /** Too many calls are under way. */
        record Busy() implements Entry {}
    }

    /** What the end of a call says of its server. */
    enum Health {
        /** It answered, whatever it said: a server that answers is well. */
        ANSWERS,
        /** It said nothing in time, could not be reached, broke off or failed (5xx) wordlessly. */
        SILENT,
        /** Nothing: the call ended for reasons of ours. */
        UNKNOWN
    }

    /** The right to make one call; given back once, whatever is said later. */
    static final class Permit {
        private final Circuit circuit;

        /** A half-open breaker counts its permits: one that it did not give must not come back. */
        private boolean isTrial;

        private boolean begun;
        private boolean left;

        private Permit(Circuit circuit) {
            this.circuit = circuit;
        }

        /**
         * Asks the breaker, once and just before something is sent: who waits for people or is
         * refused must not hold what shows whether a server is well again.
         *
         * @return false if the server failed too often lately
         */
        boolean begin() {
            begun = circuit.breaker().tryAcquirePermission();
            isTrial = begun && circuit.breaker().getState() == CircuitBreaker.State.HALF_OPEN;
            return begun;
        }

        /** Nothing was sent: says nothing about the server. */
        void leaveUnused() {
            leave(Health.UNKNOWN, 0);
        }

        /**
         * @param micros how long the call took
         */
        void leave(Health health, long micros) {
            if (left) {
                return;
            }
            left = true;
            circuit.bulkhead().onComplete();
            if (begun) {
                tell(health, micros);
            }
        }

        private void tell(Health health, long micros) {
            var breaker = circuit.breaker();
            switch (health) {
                case ANSWERS -> breaker.onSuccess(micros, TimeUnit.MICROSECONDS);
                case SILENT -> breaker.onError(micros, TimeUnit.MICROSECONDS, new Unanswered());
                case UNKNOWN -> {
                    if (isTrial) {
                        breaker.releasePermission();
                    }
                }
            }
        }
    }

    /** Stands for every failure; the breaker counts, it does not explain. */
    private static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unanswered() {
            super("no answer", null, false, false);
        }
    }
}
