package io.sallyport.gate;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Where blocking work runs: a virtual thread each, away from the event loops. It begins to stop
 * together with the web server: what is under way may end by itself for {@link StopSettings#grace},
 * then all of it is cut off at once.
 */
public final class Workers implements SmartLifecycle, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** A stop takes at most 30 s; the rest is for last answers, records and the database. */
    static final int GRACE_SECONDS = 20;

    /** For what was interrupted to record how it ended. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().name("worker-", 0).factory();

    private final AtomicInteger underWay = new AtomicInteger();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(this::counted);
    private final Sinks.Empty<Void> cut = Sinks.empty();
    private final Disposable.Swap deadline = Disposables.swap();
    private final Duration grace;
    private volatile boolean running;
    private volatile long stopped;

    public Workers() {
        this(Duration.ofSeconds(GRACE_SECONDS));
    }

    Workers(Duration grace) {
        this.grace = grace;
    }

    /** The gateway stops, and what was under way did not end in time. */
    public static final class CutOff extends RuntimeException {
        private static final long serialVersionUID = 1;

        private CutOff() {
            super("the gateway stops", null, false, false);
        }
    }

    /**
     * Runs the work once for each subscriber. A subscriber that leaves does not stop it: what has
     * begun is finished and recorded.
     */
    public <T> Mono<T> run(Callable<T> work) {
        return Mono.fromFuture(() -> submit(work), true);
    }

    private <T> CompletableFuture<T> submit(Callable<T> work) {
        var result = new CompletableFuture<T>();
        threads.execute(() -> complete(result, work));
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
        try {
            result.complete(work.call());
        } catch (Throwable e) { // an Error too: whoever waits for the result would wait for ever
            result.completeExceptionally(e);
        }
    }

    public ExecutorService threads() {
        return threads;
    }

    /** How many of the threads run now. */
    public int underWay() {
        return underWay.get();
    }

    private Thread counted(Runnable work) {
        return VIRTUAL.newThread(() -> {
            underWay.incrementAndGet();
            try {
                work.run();
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    /** Fails with {@link CutOff} when work that has no thread must end too; never completes. */
    public Mono<Void> cutOff() {
        return cut.asMono();
    }

    private void endAll() {
        LOG.info("what is still under way after {} is ended", grace);
        threads.shutdownNow();
        cut.tryEmitError(new CutOff());
    }

    @Override
    public void start() {
        running = true;
        stopped = 0;
    }

    @Override
    public void stop() {
        running = false;
        stopped = System.nanoTime();
        deadline.update(
                Schedulers.boundedElastic()
                        .schedule(this::endAll, grace.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** That of the web server's graceful stop: both wait for the same requests. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1024;
    }

    /** Waits for what no request waits for any more, within the same grace. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(graceLeft(), TimeUnit.NANOSECONDS)) {
                endAll();
                var _ = threads.awaitTermination(LAST_WORDS.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            deadline.dispose();
        }
    }

    private long graceLeft() {
        var spent = stopped == 0 ? 0 : System.nanoTime() - stopped;
        return Math.max(0, grace.toNanos() - spent);
    }
}
