package io.sallyport.bridge.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.bridge.wire.Asked;
import io.sallyport.bridge.wire.Deadline;
import io.sallyport.bridge.wire.Frames;
import io.sallyport.bridge.wire.Hearing;
import io.sallyport.bridge.wire.RpcMessage;
import io.sallyport.bridge.wire.RpcMessage.ServerRequest;
import io.sallyport.bridge.wire.StreamEnd;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * The stream on which one request is answered, from the first byte to the last. It is read whether
 * or not somebody waits, but not while a question of the server is open: what comes after a
 * question stays on the wire. A stream that is lost on the way is taken up where it was left, if
 * the server named its events.
 */
final class CallStream {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int BUSY = -32_603;

    /** So that a parked stream ends by its own clock and not by that of the connection. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final SessionWire wire;
    private final Asked asked;
    private final Sinks.Empty<Void> left = Sinks.empty();
    private final Resumption resumption;
    private volatile Leg leg;
    private volatile Optional<EgressReply> open;
    private boolean answered; // confined to the reading, as is the number of questions
    private int questions;

    CallStream(SessionWire wire, Asked asked, EgressReply reply) {
        this.wire = wire;
        this.asked = asked;
        this.resumption = new Resumption(wire.http(), asked);
        this.leg = new Leg(new Hearing(asked), asked.deadline());
        this.open = Optional.of(reply);
    }

    boolean belongsTo(String session) {
        return asked.envelope().session().equals(session);
    }

    Asked asked() {
        return asked;
    }

    /** The end of the first leg. */
    Mono<UpstreamReply> first() {
        return Mono.defer(() -> {
            Await.nothing(reading());
            return leg.reply().asMono().doOnCancel(this::leave);
        });
    }

    private Mono<Void> reading() {
        return StreamEnd.shortlyAfterFirst(Flux.defer(this::round).repeat(() -> !answered))
                .doOnNext(reply -> leg.reply().tryEmitValue(reply))
                .doOnError(thrown -> leg.reply().tryEmitError(thrown))
                .takeUntilOther(left.asMono())
                .then();
    }

    /** One stream of this request: the first, or one that goes on where the last one broke off. */
    private Flux<UpstreamReply> round() {
        var first = open.filter(_ -> resumption.isUnused());
        return first.map(this::read)
                .orElseGet(() -> resumption.next(leg.deadline()).flatMapMany(this::readOn))
                .onErrorComplete(resumption::mayGoOn);
    }

    private Flux<UpstreamReply> readOn(EgressReply reply) {
        open = Optional.of(reply);
        return read(reply);
    }

    private Flux<UpstreamReply> read(EgressReply reply) {
        return EventStream.read(resumption.watched(reply), asked.maxEventBytes())
                .doOnNext(resumption::remember)
                .filter(event -> !event.data().isEmpty())
                .concatMapDelayError(this::heard, false, 1);
    }

    private Mono<UpstreamReply> heard(ServerEvent event) {
        if (answered) {
            return Mono.empty(); // a second answer is nobody's
        }
        var bytes = event.data().getBytes(UTF_8);
        return switch (RpcMessage.read(bytes)) {
            case RpcMessage.Response(var id, var reply) -> answer(id, reply);
            case ServerRequest request -> requested(request, bytes.length);
            case RpcMessage.Notification notification -> {
                leg.hearing().notified(notification);
                yield Mono.empty();
            }
        };
    }

    private Mono<UpstreamReply> answer(long id, UpstreamReply reply) {
        if (id != asked.id()) {
            return Mono.error(new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true));
        }
        answered = true;
        return Mono.just(reply);
    }

    private Mono<UpstreamReply> requested(ServerRequest request, int size) {
        if (request.method().equals("ping")) {
            return told(Frames.emptyResult(request.id()));
        }
        return Question.isOffered(request, asked.envelope().capabilities())
                ? parked(request, size)
                : refused(request, METHOD_NOT_FOUND, "Method not found");
    }

    private Mono<UpstreamReply> refused(ServerRequest request, int code, String message) {
        asked.envelope().listener().refused(request.method());
        return told(Frames.error(request.id(), code, message));
    }

    private Mono<UpstreamReply> told(byte[] frame) {
        return wire.http()
                .tell(frame, asked.headers(), leg.deadline())
                .onErrorComplete()
                .then(Mono.empty());
    }

    /** Ends the leg with the question, and reads no further until the answer is brought. */
    private Mono<UpstreamReply> parked(ServerRequest request, int size) {
        var key = "ask-" + ++questions;
        var question = new Question(wire.parking().ticket(), key, request, this, Sinks.empty());
        if (!wire.parking().admit(question)) {
            return refused(request, BUSY, "Too many requests wait for answers");
        }
        allow(wire.parking().patience().plus(MARGIN));
        leg.reply().tryEmitValue(question.asked(size));
        return question.taken()
                .asMono()
                .timeout(wire.parking().patience(), Mono.defer(() -> expired(question)))
                .doOnCancel(() -> wire.parking().take(question.ticket()));
    }

    private void allow(Duration time) {
        open.ifPresent(reply -> reply.allow(time));
    }

    private Mono<UpstreamReply> expired(Question question) {
        if (wire.parking().take(question.ticket()).isEmpty()) {
            return Mono.empty(); // the answer came at the last moment
        }
        wire.farewell().cancelled(asked);
        return Mono.error(new UpstreamFault(UpstreamFailure.TIMED_OUT, true));
    }

    /** The leg that begins with the answer to {@code question}. */
    Mono<UpstreamReply> next(Question question, UpstreamRequest request, JsonNode responses) {
        return Mono.defer(() -> brought(question, request, responses))
                .doOnError(_ -> leave())
                .doOnCancel(this::leave);
    }

    private Mono<UpstreamReply> brought(
            Question question, UpstreamRequest request, JsonNode responses) {
        var deadline = Deadline.in(request.timeout());
        leg = new Leg(new Hearing(asked.id(), request.envelope()), deadline);
        allow(deadline.remaining());
        return wire.http()
                .tell(question.answer(responses), asked.headers(), deadline)
                .flatMap(CallStream::accepted)
                .then(Mono.defer(() -> readOn(question)));
    }

    private Mono<UpstreamReply> readOn(Question question) {
        question.taken().tryEmitEmpty();
        return leg.reply().asMono();
    }

    private static Mono<Void> accepted(int status) {
        return status >= 200 && status < 300
                ? Mono.empty()
                : Mono.error(new UpstreamFault(UpstreamFailure.HTTP_ERROR, true));
    }

    void abandon() {
        wire.farewell().cancelled(asked);
        leave();
    }

    private void leave() {
        left.tryEmitEmpty();
    }
}
