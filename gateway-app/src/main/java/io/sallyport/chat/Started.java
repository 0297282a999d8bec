package io.sallyport.chat;

import io.sallyport.bridge.Await;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** The record of a run's start, on its way to disk while the model already thinks. */
record Started(CompletableFuture<Boolean> record) {

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

    /** A record that fails in any way counts as not written. */
    static Mono<Boolean> durable(CompletableFuture<Boolean> record) {
        return Mono.fromFuture(record, true)
                .onErrorReturn(false)
                .filter(Boolean::booleanValue)
                .switchIfEmpty(Mono.error(ChatFailure::auditUnavailable));
    }
}
