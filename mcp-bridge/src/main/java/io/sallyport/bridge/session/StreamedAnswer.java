package io.sallyport.bridge.session;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The answer out of a stream, at once, while the stream is read to its end behind it: a connection
 * whose stream was left early is closed, and most servers answer every call with a stream.
 */
final class StreamedAnswer {
    /** Servers end a stream right after the answer; one that does not loses its connection. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private final Sinks.One<UpstreamReply> answer = Sinks.one();
    private final Sinks.Empty<Void> left = Sinks.empty();

    private StreamedAnswer() {}

    /**
     * @param answers the answers on the stream, of which there should be one
     */
    static Mono<UpstreamReply> of(Flux<UpstreamReply> answers) {
        return Mono.defer(() -> new StreamedAnswer().first(answers));
    }

    private Mono<UpstreamReply> first(Flux<UpstreamReply> answers) {
        Await.nothing(
                answers.take(2)
                        .doOnNext(answer::tryEmitValue)
                        .doOnError(answer::tryEmitError)
                        .doOnComplete(() -> answer.tryEmitError(unanswered()))
                        .timeout(Mono.never(), _ -> Mono.delay(LINGER), Mono.empty())
                        .takeUntilOther(left.asMono())
                        .then());
        return answer.asMono().doOnCancel(left::tryEmitEmpty);
    }

    private static UpstreamFault unanswered() {
        return new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
