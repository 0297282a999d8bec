package io.sallyport.gate;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.publisher.Mono;

/** Where blocking work runs: a virtual thread each, away from the event loops. */
public final class Workers implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("worker-", 0).factory());

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

    /** Waits for what is running, at most thirty seconds. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, java.util.concurrent.TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
