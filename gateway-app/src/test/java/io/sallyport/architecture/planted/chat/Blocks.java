package io.sallyport.architecture.planted.chat;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Planted: this must be reported. */
final class Blocks {
    private Blocks() {}

    static Optional<String> answer(Mono<String> answer) {
        return answer.blockOptional();
    }
}
