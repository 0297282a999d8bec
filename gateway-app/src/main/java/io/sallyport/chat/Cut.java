package io.sallyport.chat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ends what is made for a client, from outside. */
final class Cut {
    private Cut() {}

    /**
     * What is made, until {@code end} fails: then the making is cancelled, and the failure is the
     * last that the client hears. ({@code takeUntilOther} alone cancels only if the other one
     * completes.)
     */
    static <T> Flux<T> off(Flux<T> made, Mono<T> end) {
        return Flux.defer(() -> {
            var why = new AtomicReference<Optional<Throwable>>(Optional.empty());
            var cut = end.doOnError(it -> why.set(Optional.of(it))).onErrorComplete();
            Mono<T> last = Mono.defer(() -> why.get().map(Mono::<T>error).orElseGet(Mono::empty));
            return made.takeUntilOther(cut).concatWith(last);
        });
    }
}
