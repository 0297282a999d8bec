package io.sallyport.architecture.planted.vetting;

import reactor.core.publisher.Mono;

/** Planted: this must be reported. */
final class UsesReactor {
    private UsesReactor() {}

    static Mono<String> none() {
        return Mono.empty();
    }
}
