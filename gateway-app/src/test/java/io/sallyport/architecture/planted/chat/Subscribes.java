package io.sallyport.architecture.planted.chat;

import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Planted: this must be reported. */
final class Subscribes {
    private Subscribes() {}

    static List<Disposable> all(List<Flux<String>> answers) {
        return answers.stream().map(Flux::subscribe).toList();
    }
}
