package io.sallyport.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.ServerChange;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class ServerUpkeepTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final ServerChange CHANGE = new ServerChange.OfList(ListKind.TOOLS);

    @Test
    void aServerThatSaysNothingIsListedPeriodically() {
        var upstream = new FakeUpstream(Flux::never);
        try (var _ = start(upstream, rhythm(1, 5, LONG, LONG), Duration.ZERO)) {
            await().until(() -> upstream.listings() >= 5);
        }
    }

    @Test
    void aFreshListIsNotListedAgainBeforeItsTime() {
        var heard = new CountDownLatch(1);
        var upstream =
                new FakeUpstream(
                        () -> Flux.<ServerChange>never().doOnSubscribe(_ -> heard.countDown()));
        try (var _ = start(upstream, rhythm(1, 1, LONG, Duration.ofMillis(60)), LONG)) {
            await().until(() -> heard.getCount() == 0);
            assertThat(upstream.listings()).isZero();
        }
    }

    @Test
    void aChangeIsListedAtOnce() {
        var upstream = new FakeUpstream(() -> Flux.just(CHANGE).concatWith(Flux.never()));
        try (var _ = start(upstream, quick(), LONG)) {
            await().until(() -> upstream.listings() == 1);
        }
    }

    @Test
    @DisplayName("TD-14 a storm of changes is listed twice in the time of the gap at most")
    void aStormIsListedOncePerGap() {
        var told = new AtomicInteger();
        var storm =
                Flux.interval(Duration.ofMillis(1))
                        .onBackpressureDrop()
                        .<ServerChange>map(_ -> CHANGE)
                        .doOnNext(_ -> told.incrementAndGet());
        var upstream = new FakeUpstream(() -> storm);
        var gap = Duration.ofMillis(500);
        var rhythm = new UpkeepRhythm(gap, LONG, LONG, Duration.ofMillis(60));
        try (var _ = start(upstream, rhythm, LONG)) {
            await().until(() -> upstream.listings() >= 4);
        }
        assertThat(told).hasValueGreaterThan(upstream.listings() * 10);
        var times = upstream.times();
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(gap.toNanos());
        }
    }

    @Test
    void aStreamThatIsLostIsOpenedAgainAndTheServerListed() {
        var upstream =
                new FakeUpstream(() -> Flux.error(new IllegalStateException("connection reset")));
        try (var _ = start(upstream, quick(), LONG)) {
            await().until(() -> upstream.streams() >= 3 && upstream.listings() >= 1);
        }
    }

    @Test
    void aServerThatCannotTellIsAskedAgainLessAndLessOften() {
        var rhythm = rhythm(1, 1, LONG, Duration.ofMinutes(1));
        assertThat(rhythm.firstReopen()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rhythm.after(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(2));
        assertThat(rhythm.after(Duration.ofSeconds(40))).isEqualTo(Duration.ofMinutes(1));
        assertThat(rhythm.after(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aListingThatFailsIsTriedAgainSooner() {
        var upstream = new FakeUpstream(Flux::never).failing();
        try (var _ =
                start(upstream, rhythm(1, 60_000, Duration.ofMillis(5), LONG), Duration.ZERO)) {
            await().until(() -> upstream.listings() >= 3);
        }
    }

    @Test
    void oneSlowServerDelaysNoOther() {
        var slow = new FakeUpstream(Flux::never).hanging();
        var other = new FakeUpstream(Flux::never);
        try (var _ = start(slow, rhythm(1, 1, LONG, LONG), Duration.ZERO);
                var _ = start(other, rhythm(1, 1, LONG, LONG), Duration.ZERO)) {
            await().until(() -> other.listings() >= 5);
            assertThat(slow.listings()).isEqualTo(1);
        }
        await().until(slow::wasInterrupted);
    }

    /** H4: a server that changes with every listing is slowed down, and nobody else is. */
    @Test
    void aServerThatDriftsEachTimeIsListedLessAndLessOften() {
        Supplier<Flux<ServerChange>> storm =
                () -> Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().map(_ -> CHANGE);
        var drifting = new FakeUpstream(storm).drifting();
        var calm = new FakeUpstream(storm);
        var rhythm = new UpkeepRhythm(Duration.ofMillis(20), LONG, LONG, Duration.ofMillis(60));
        try (var _ = start(drifting, rhythm, LONG);
                var _ = start(calm, rhythm, LONG)) {
            await().until(() -> drifting.listings() >= 5 && calm.listings() >= 5);
        }
        var times = drifting.times();
        for (int i = 1; i < 5; i++) {
            var gap = Duration.ofMillis(20L << (i - 1)).toNanos();
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(gap);
        }
    }

    /** H4. */
    @Test
    void theGapOfARestlessServerIsNeverLongerThanAPeriod() {
        var rhythm = UpkeepRhythm.standard();

        assertThat(rhythm.gapAfter(0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(rhythm.gapAfter(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(rhythm.gapAfter(2)).isEqualTo(Duration.ofSeconds(20));
        assertThat(rhythm.gapAfter(4)).isEqualTo(Duration.ofSeconds(80));
        assertThat(rhythm.gapAfter(1_000)).isEqualTo(rhythm.period());
    }

    /** R5: all servers were listed together every two and a half minutes. */
    @Test
    void listingsAreSpread() {
        var period = Duration.ofSeconds(150);
        var times = Stream.generate(() -> UpkeepRhythm.spread(period)).limit(200).toList();

        assertThat(times).allMatch(it -> it.compareTo(Duration.ofSeconds(112)) > 0);
        assertThat(times).allMatch(it -> it.compareTo(period) <= 0);
        assertThat(Set.copyOf(times)).hasSizeGreaterThan(100);
    }

    @Test
    void closingEndsTheStream() {
        var cancelled = new CountDownLatch(1);
        var upstream =
                new FakeUpstream(() ->
                        Flux.just(CHANGE)
                                .concatWith(Flux.never())
                                .doOnCancel(cancelled::countDown));
        try (var _ = start(upstream, quick(), LONG)) {
            await().until(() -> upstream.listings() == 1);
        }
        await().until(() -> cancelled.getCount() == 0);
    }

    private static UpkeepRhythm quick() {
        return rhythm(1, 3_600_000, LONG, Duration.ofMillis(60));
    }

    private static UpkeepRhythm rhythm(
            int gapMillis, int periodMillis, Duration retry, Duration reopen) {
        return new UpkeepRhythm(
                Duration.ofMillis(gapMillis), Duration.ofMillis(periodMillis), retry, reopen);
    }

    private static ServerUpkeep start(
            FakeUpstream upstream, UpkeepRhythm rhythm, Duration untilFirst) {
        var key = new ServerKey(new TenantId("acme"), new ServerSlug("crm"));
        return ServerUpkeep.start(new Supervision(), key, upstream, rhythm, untilFirst);
    }

    /** Counts listings and streams. */
    private static final class FakeUpstream implements ServerUpkeep.Upstream {
        private final Supplier<Flux<ServerChange>> changes;
        private final List<Long> times = new CopyOnWriteArrayList<>();
        private final AtomicInteger streams = new AtomicInteger();
        private final CountDownLatch release = new CountDownLatch(1);
        private boolean fails;
        private boolean hangs;
        private boolean drifts;
        private volatile boolean interrupted;

        FakeUpstream(Supplier<Flux<ServerChange>> changes) {
            this.changes = changes;
        }

        FakeUpstream failing() {
            fails = true;
            return this;
        }

        FakeUpstream drifting() {
            drifts = true;
            return this;
        }

        FakeUpstream hanging() {
            hangs = true;
            return this;
        }

        int listings() {
            return times.size();
        }

        List<Long> times() {
            return List.copyOf(times);
        }

        int streams() {
            return streams.get();
        }

        boolean wasInterrupted() {
            return interrupted;
        }

        @Override
        public Relisting list() throws InterruptedException {
            times.add(System.nanoTime());
            if (hangs) {
                hang();
            }
            if (fails) {
                return Relisting.FAILED;
            }
            return drifts ? Relisting.CHANGED : Relisting.SAME;
        }

        private void hang() throws InterruptedException {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted = true;
                throw e;
            }
        }

        @Override
        public Flux<ServerChange> changes() {
            streams.incrementAndGet();
            return changes.get();
        }
    }
}
