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
    /** Calls of one tenant that may be under way at one server. */
    private static final int CONCURRENT_CALLS = 128;

    private static final CircuitBreakerConfig BREAKER =
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(20)
                    .minimumNumberOfCalls(10)
                    .failureRateThreshold(50)
                    .waitDurationInOpenState(Duration.ofSeconds(10))
                    .permittedNumberOfCallsInHalfOpenState(2)
                    .build();
    private static final BulkheadConfig BULKHEAD =
            BulkheadConfig.custom()
                    .maxConcurrentCalls(CONCURRENT_CALLS)
                    .maxWaitDuration(Duration.ZERO)
                    .build();

    private final Map<Key, Circuit> circuits = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, ServerSlug server) {}

    Circuit of(McpServer server) {
        return circuits.computeIfAbsent(new Key(server.tenant(), server.slug()), Circuits::create);
    }

    private static Circuit create(Key key) {
        var name = key.tenant() + "/" + key.server();
        return new Circuit(CircuitBreaker.of(name, BREAKER), Bulkhead.of(name, BULKHEAD));
    }

    /** One server's breaker and bulkhead. */
    record Circuit(CircuitBreaker breaker, Bulkhead bulkhead) {
        /** Asks for a permit. */
        Entry enter() {
            if (!bulkhead.tryAcquirePermission()) {
                return new Entry.Busy();
            }
            if (!breaker.tryAcquirePermission()) {
                bulkhead.releasePermission();
                return new Entry.Open();
            }
            return new Entry.Entered(new Permit(this));
        }
    }

    /** The answer to {@link Circuit#enter}. */
    sealed interface Entry {
        record Entered(Permit permit) implements Entry {}

        /** Too many calls are under way. */
        record Busy() implements Entry {}

        /** The server failed too often lately. */
        record Open() implements Entry {}
    }

    /** The right to make one call; given back once, whatever is said later. */
    static final class Permit {
        private final Circuit circuit;
        private boolean left;

        private Permit(Circuit circuit) {
            this.circuit = circuit;
        }

        /** Nothing was sent: says nothing about the server. */
        void leaveUnused() {
            if (leave()) {
                circuit.breaker().releasePermission();
            }
        }

        void leaveAnswered(long micros) {
            if (leave()) {
                circuit.breaker().onSuccess(micros, TimeUnit.MICROSECONDS);
            }
        }

        void leaveFailed(long micros) {
            if (leave()) {
                circuit.breaker().onError(micros, TimeUnit.MICROSECONDS, new Unanswered());
            }
        }

        private boolean leave() {
            var first = !left;
            left = true;
            if (first) {
                circuit.bulkhead().onComplete();
            }
            return first;
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
