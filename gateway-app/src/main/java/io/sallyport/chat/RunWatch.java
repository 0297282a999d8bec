package io.sallyport.chat;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.threads.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;

/**
 * Requests that were made again, from when they look for their run until they have it. However many
 * of a tenant wait for runs that are under way, maybe on another gateway, one looks for all.
 */
final class RunWatch {
    /** Requests of one principal, and of one tenant, that are here at a time. */
    static final int OF_PRINCIPAL = 500;

    static final int OF_TENANT = 1_000;

    /** Between two looks at the runs of a tenant: at first, and at most. */
    private static final Duration SHORTEST = Duration.ofMillis(150);

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Claims claims;
    private final Executor threads;
    private final Map<TenantId, Waiting> tenants = new ConcurrentHashMap<>();

    /**
     * @param threads makes a virtual thread per task
     */
    RunWatch(Claims claims, Executor threads) {
        this.claims = claims;
        this.threads = threads;
    }

    /** Whether one more request of the principal may look for its run; then it must leave. */
    boolean enter(Principal principal) {
        return of(principal).enter(principal.subject());
    }

    void leave(Principal principal) {
        of(principal).leave(principal.subject());
    }

    /** Returns once the run may not be under way any more. */
    void await(Principal principal, String run) throws InterruptedException {
        var waiting = of(principal);
        var awaited = waiting.join(run);
        try {
            awaited.over.await();
        } finally {
            waiting.part(run, awaited);
        }
    }

    private Waiting of(Principal principal) {
        return tenants.computeIfAbsent(principal.tenant(), Waiting::new);
    }

    /** Those of one tenant. */
    private final class Waiting {
        private final TenantId tenant;
        private final Map<String, Integer> principals = new HashMap<>();
        private final Map<String, Awaited> runs = new HashMap<>();
        private int all;
        private boolean watched;
        private Duration pause = SHORTEST;

        Waiting(TenantId tenant) {
            this.tenant = tenant;
        }

        synchronized boolean enter(String subject) {
            if (all == OF_TENANT || principals.getOrDefault(subject, 0) == OF_PRINCIPAL) {
                return false;
            }
            all++;
            principals.merge(subject, 1, Integer::sum);
            return true;
        }

        synchronized void leave(String subject) {
            all--;
            principals.computeIfPresent(subject, (_, own) -> own > 1 ? own - 1 : null);
        }

        synchronized Awaited join(String run) {
            var awaited = runs.computeIfAbsent(run, _ -> new Awaited());
            awaited.requests++;
            pause = SHORTEST;
            if (!watched) {
                threads.execute(this::watch);
                watched = true;
            }
            return awaited;
        }

        synchronized void part(String run, Awaited awaited) {
            awaited.requests--;
            if (awaited.requests == 0) {
                runs.remove(run, awaited);
            }
        }

        /** Looks until nobody waits; what cannot be seen is for each of them to find out. */
        private void watch() {
            try {
                while (isNeeded()) {
                    Await.one(Mono.delay(nextPause()));
                    var asked = awaited();
                    asked.removeAll(claims.underWay(tenant, asked));
                    tell(asked);
                }
            } catch (InterruptedException | RuntimeException e) {
                Failures.logUnwatched(e);
                giveUp();
            } catch (Error e) {
                giveUp();
                throw e;
            }
        }

        private synchronized boolean isNeeded() {
            watched = !runs.isEmpty();
            return watched;
        }

        private synchronized Duration nextPause() {
            var next = pause;
            var longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
            return next;
        }

        private synchronized Set<String> awaited() {
            return new HashSet<>(runs.keySet());
        }

        /** Whoever waits for such a run from now on waits for what becomes of it next. */
        private synchronized void tell(Set<String> over) {
            for (var run : over) {
                Optional.ofNullable(runs.remove(run)).ifPresent(it -> it.over.countDown());
            }
        }

        private synchronized void giveUp() {
            watched = false;
            tell(awaited());
        }
    }

    /** A run that requests wait for. */
    private static final class Awaited {
        private final CountDownLatch over = new CountDownLatch(1);
        private int requests;
    }
}
