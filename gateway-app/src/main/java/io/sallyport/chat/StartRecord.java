package io.sallyport.chat;

import io.sallyport.provider.ModelStream;
import io.sallyport.threads.Await;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The record of a run's start, on its way to disk while the model already thinks. */
record StartRecord(CompletableFuture<Boolean> record) {
    /** No event: one without data is never dispatched. */
    static final String ACCEPTED = "";

    /** Completes once the record is durable; fails with {@link ChatFailure} if it cannot be. */
    Mono<Boolean> required() {
        return durable(record);
    }

    /** The same on a virtual thread. */
    void require() throws InterruptedException {
        if (!record.isDone() || record.isCompletedExceptionally() || !record.join()) {
            Await.one(required());
        }
    }

    /**
     * The events of an answer that the provider accepted, none before the record is durable; {@link
     * #ACCEPTED} goes before them.
     */
    Flux<String> before(ModelStream stream) {
        return required()
                .thenMany(Flux.defer(stream::events).startWith(ACCEPTED))
                .doOnError(_ -> stream.discard())
                .doOnCancel(stream::discard);
    }

    /** A record that fails in any way counts as not written. */
    static Mono<Boolean> durable(CompletableFuture<Boolean> record) {
        return Mono.fromFuture(record.handle(StartRecord::required), true);
    }

    private static Boolean required(@Nullable Boolean written, @Nullable Throwable failure) {
        if (failure != null || !Boolean.TRUE.equals(written)) {
            throw ChatFailure.auditUnavailable();
        }
        return true;
    }
}
