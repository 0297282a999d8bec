package io.sallyport.upstream.wire;

import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * When to stop reading a stream whose answer has come. A connection whose stream was left early is
 * closed, and most servers answer every call with a stream: so it is read to its end.
 */
public final class StreamEnd {
    /** Servers end a stream right after the answer; one that does not loses its connection. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private StreamEnd() {}

    /** The first of {@code answers} when it comes, and the end when they end or soon after. */
    public static <T> Flux<T> shortlyAfterFirst(Flux<T> answers) {
        return answers.take(2).timeout(Mono.never(), _ -> Mono.delay(LINGER), Mono.empty());
    }
}
