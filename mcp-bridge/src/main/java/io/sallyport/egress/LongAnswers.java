package io.sallyport.egress;

import io.sallyport.threads.ComputePool;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Where answers are read that would hold up an event loop: on a few threads of their own, on which
 * tenants take turns. Reading takes a time that grows with the bytes, of which an answer has a
 * bounded number, and so ends by itself.
 */
public final class LongAnswers {
    /** Reading as much takes about a millisecond. */
    public static final int SHORT_BYTES = 64 * 1024;

    /** One may be busy with the longest answer there is, without keeping the next one waiting. */
    private static final int THREADS = 2;

    /** More than can be kept of them at once. */
    private static final int WAITING = 100_000;

    /** Of which one tenant can keep half. */
    private static final int WAITING_OF_ONE = 50_000;

    /** A turn is so short that a tenant may have all threads while nobody else waits. */
    private static final ComputePool READERS =
            ComputePool.ofShortTurns("long-answers-", THREADS, WAITING_OF_ONE, WAITING);

    private LongAnswers() {}

    /**
     * Hands {@code answer} on: at once if it is short, else on another thread, when it is its
     * tenant's turn. Fails with {@link EgressFailure.Overloaded} if more waits than ever should.
     *
     * @param bytes how long it is
     */
    public static <T> Mono<T> handOn(String tenant, T answer, int bytes) {
        return bytes <= SHORT_BYTES
                ? Mono.just(answer)
                : Mono.create(sink -> enqueue(tenant, answer, sink));
    }

    private static <T> void enqueue(String tenant, T answer, MonoSink<T> sink) {
        READERS.hand(tenant, () -> read(answer, sink))
                .ifPresentOrElse(
                        takenBack -> sink.onCancel(takenBack::run),
                        () -> sink.error(new EgressFailure.Overloaded()));
    }

    /** It is read when this returns. */
    private static <T> boolean read(T answer, MonoSink<T> sink) {
        try {
            sink.success(answer);
            return true;
        } catch (Throwable e) { // an Error of whoever reads: the thread lives on, and it is logged
            sink.error(e);
            return false;
        }
    }
}
