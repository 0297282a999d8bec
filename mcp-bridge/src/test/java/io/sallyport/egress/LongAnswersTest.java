package io.sallyport.egress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

/** H1: how much one tenant's servers answer makes no other tenant wait. */
class LongAnswersTest {
    private static final int LONG = 100_000;
    private static final int READERS = 2;

    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch rest = new CountDownLatch(1);
    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
    private final List<Disposable> subscriptions = new ArrayList<>();

    @AfterEach
    void end() {
        first.countDown();
        rest.countDown();
        subscriptions.forEach(Disposable::dispose);
    }

    /**
     * All readers are busy with a tenant's first answers; so many more of it wait, and take long.
     */
    private void occupied(String tenant, int more) throws InterruptedException {
        var busy = new CountDownLatch(READERS);
        for (int at = 0; at < READERS + more; at++) {
            var held = at < READERS ? first : rest;
            var answer = LongAnswers.handOn(tenant, tenant, LONG);
            subscriptions.add(answer.doOnNext(_ -> hold(busy, held)).subscribe(read::add));
        }
        assertThat(busy.await(30, SECONDS)).isTrue();
    }

    private static void hold(CountDownLatch busy, CountDownLatch held) {
        busy.countDown();
        try {
            held.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void asked(String tenant) {
        subscriptions.add(LongAnswers.handOn(tenant, tenant, LONG).subscribe(read::add));
    }

    private List<String> next(int answers) throws InterruptedException {
        var next = new ArrayList<String>();
        for (int at = 0; at < answers; at++) {
            next.add(String.valueOf(read.poll(30, SECONDS)));
        }
        return next;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 500})
    void tenantsTakeTurns(int flood) throws Exception {
        occupied("hostile", flood);
        asked("modest");
        asked("other");
        first.countDown();
        assertThat(next(READERS + 2))
                .containsExactlyInAnyOrder("hostile", "hostile", "modest", "other");
    }

    @Test
    void aShortAnswerWaitsForNobody() throws Exception {
        occupied("hostile", 3);
        subscriptions.add(LongAnswers.handOn("hostile", "short", 1_000).subscribe(read::add));
        assertThat(next(1)).containsExactly("short");
    }

    @Test
    void anAnswerThatNobodyWaitsForIsNotRead() throws Exception {
        occupied("hostile", 0);
        LongAnswers.handOn("hostile", "left", LONG).subscribe(read::add).dispose();
        asked("modest");
        first.countDown();
        assertThat(next(READERS + 1)).contains("modest").doesNotContain("left");
        assertThat(read).isEmpty();
    }

    @Test
    void aReaderThatBreaksTakesNoOthersAnswers() throws Exception {
        for (int at = 0; at < 2 * READERS; at++) {
            var broken = LongAnswers.handOn("hostile", "x", LONG).doOnNext(_ -> fail());
            subscriptions.add(broken.subscribe(_ -> {}, _ -> read.add("broken")));
        }
        assertThat(next(2 * READERS)).containsOnly("broken");
        asked("modest");
        assertThat(next(1)).containsExactly("modest");
    }

    private static void fail() {
        throw new IllegalStateException("cannot be read");
    }
}
