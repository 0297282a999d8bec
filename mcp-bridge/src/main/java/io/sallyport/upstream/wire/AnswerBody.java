package io.sallyport.upstream.wire;

import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.EventStreamFault;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.LongAnswers;
import io.sallyport.egress.Oversize;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The body in which an answer comes. One that is too large fails with what it is that is. */
public final class AnswerBody {
    private final String tenant;
    private final EgressReply.Keeper keeper;
    private final long limit;
    private long received; // confined to the reading of the body
    private long read;

    private AnswerBody(EgressReply reply, long limit) {
        tenant = reply.tenant();
        keeper = reply.keeper();
        this.limit = limit;
    }

    /** The answer and nothing else. */
    public static Mono<byte[]> whole(EgressReply reply) {
        return reply.bytes()
                .onErrorMap(EgressFailure.TooLarge.class, it -> new AnswerTooLarge(it.oversize()));
    }

    /** The answer behind what the server says before it. */
    public static Flux<ServerEvent> events(
            EgressReply reply, Flux<byte[]> body, OutboundRequest asked) {
        return Flux.defer(
                () -> new AnswerBody(reply, asked.maxBytes()).events(body, asked.maxEventBytes()));
    }

    private Flux<ServerEvent> events(Flux<byte[]> body, int maxEventBytes) {
        return EventStream.read(body.doOnNext(this::came), maxEventBytes)
                .doOnNext(_ -> read = received)
                .concatMap(event -> LongAnswers.handOn(tenant, event, event.data().length()), 1)
                .doOnNext(_ -> keeper.clear())
                .onErrorMap(this::named)
                .doFinally(_ -> keeper.close());
    }

    private void came(byte[] chunk) {
        received += chunk.length;
        keeper.add(chunk.length);
    }

    /** No notification has half of what an answer may have: what is that long is the answer. */
    private Throwable named(Throwable thrown) {
        return switch (thrown) {
            case EgressFailure.TooLarge _ when received - read > limit / 2 -> tooLarge();
            case EventStreamFault _ -> tooLarge();
            case Throwable other -> other;
        };
    }

    private AnswerTooLarge tooLarge() {
        return new AnswerTooLarge(new Oversize(Math.max(received - read, limit), false, limit));
    }
}
