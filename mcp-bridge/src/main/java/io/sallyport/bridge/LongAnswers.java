package io.sallyport.bridge;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where answers are read that would hold up an event loop: on a few threads of their own. Reading
 * takes a time that grows with the bytes, of which an answer has a bounded number, and so ends by
 * itself.
 */
public final class LongAnswers {
    /** Reading as much takes about a millisecond. */
    private static final int SHORT_BYTES = 64 * 1024;

    /** One may be busy with the longest answer there is, without keeping the next one waiting. */
    private static final int THREADS = 2;

    /** More than can be kept of them at once. */
    private static final int WAITING = 100_000;

    private static final int IDLE_SECONDS = 60;

    private static final Scheduler READERS =
            Schedulers.newBoundedElastic(THREADS, WAITING, "long-answers", IDLE_SECONDS, true);

    private LongAnswers() {}

    /**
     * Hands {@code answer} on: at once if it is short, else on another thread.
     *
     * @param bytes how long it is
     */
    public static <T> Mono<T> handOn(T answer, int bytes) {
        return bytes <= SHORT_BYTES ? Mono.just(answer) : Mono.just(answer).publishOn(READERS);
    }
}
