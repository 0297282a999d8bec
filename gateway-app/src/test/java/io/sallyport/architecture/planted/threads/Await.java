package io.sallyport.architecture.planted.threads;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Planted: this is allowed. */
final class Await {
    private Await() {}

    static Optional<String> answer(Mono<String> answer) {
        return Nested.wait(answer);
    }

    private static final class Nested {
        static Optional<String> wait(Mono<String> answer) {
            return answer.blockOptional();
        }
    }
}
