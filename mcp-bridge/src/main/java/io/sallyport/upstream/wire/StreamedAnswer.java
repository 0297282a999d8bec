package io.sallyport.upstream.wire;

import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.threads.Await;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The answer out of a stream, at once, while the stream is read to its end behind it. */
public final class StreamedAnswer {
    private final Sinks.One<UpstreamReply> answer = Sinks.one();
    private final Sinks.Empty<Void> left = Sinks.empty();

    private StreamedAnswer() {}

    /**
     * @param answers the answers on the stream, of which there should be one
     */
    public static Mono<UpstreamReply> of(Flux<UpstreamReply> answers) {
        return Mono.defer(() -> new StreamedAnswer().first(answers));
    }

    private Mono<UpstreamReply> first(Flux<UpstreamReply> answers) {
        Await.nothing(
                StreamEnd.shortlyAfterFirst(answers)
                        .doOnNext(answer::tryEmitValue)
                        .doOnError(answer::tryEmitError)
                        .doOnComplete(() -> answer.tryEmitError(unanswered()))
                        .takeUntilOther(left.asMono())
                        .then());
        return answer.asMono().doOnCancel(left::tryEmitEmpty);
    }

    private static UpstreamException unanswered() {
        return new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
