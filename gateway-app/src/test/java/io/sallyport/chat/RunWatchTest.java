package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.StoreFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunWatchTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Looks looks = new Looks();
    private final RunWatch watch = new RunWatch(looks, threads);

    /** Claims of which only looks at runs are asked. */
    private static final class Looks extends FakeClaims {
        private final List<Set<String>> asked = new CopyOnWriteArrayList<>();
        private final Set<Thread> lookers = ConcurrentHashMap.newKeySet();
        private final CountDownLatch thrice = new CountDownLatch(3);
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicBoolean down = new AtomicBoolean();

        @Override
        public Set<String> underWay(TenantId tenant, Set<String> runs) {
            if (down.get()) {
                throw new StoreFailure(new IllegalStateException("down"));
            }
            asked.add(Set.copyOf(runs));
            lookers.add(Thread.currentThread());
            thrice.countDown();
            return over.get() ? Set.of("r2") : runs;
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Principal principal(String tenant, String subject) {
        return new Principal(new TenantId(tenant), subject, "key", Set.of(), Set.of());
    }

    private static final Principal ADA = principal("acme", "user:ada");

    private Callable<Boolean> waiting(String run) {
        return () -> {
            watch.await(ADA, run);
            return true;
        };
    }

    @Test
    void oneLooksForAllThatWait() throws Exception {
        var waiting = Stream.generate(() -> waiting("r1")).limit(50).map(threads::submit).toList();
        var other = threads.submit(waiting("r2"));
        looks.thrice.await();
        looks.over.set(true);
        for (var one : waiting) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(other.isDone()).isFalse();
        assertThat(looks.lookers).hasSize(1);
        assertThat(looks.asked).anyMatch(Set.of("r1", "r2")::equals);
        other.cancel(true);
    }

    @Test
    void whoeverWaitsLooksForHimselfIfNobodyCan() throws Exception {
        looks.down.set(true);

        assertThat(threads.submit(waiting("r1")).get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPrincipalAndATenantHaveSoManyThatLook() {
        for (int place = 0; place < RunWatch.OF_PRINCIPAL; place++) {
            assertThat(watch.enter(ADA)).isTrue();
            assertThat(watch.enter(principal("acme", "user:bob"))).isTrue();
        }
        assertThat(watch.enter(ADA)).isFalse();
        assertThat(watch.enter(principal("acme", "user:eve"))).isFalse();
        assertThat(watch.enter(principal("other", "user:ada"))).isTrue();

        watch.leave(principal("acme", "user:bob"));
        assertThat(watch.enter(ADA)).isFalse();
        assertThat(watch.enter(principal("acme", "user:eve"))).isTrue();
    }
}
