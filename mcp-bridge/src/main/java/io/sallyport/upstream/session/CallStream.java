package io.sallyport.upstream.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.threads.Await;
import io.sallyport.upstream.wire.AnswerBody;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.NotificationRelay;
import io.sallyport.upstream.wire.OutboundRequest;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.RpcMessage.Notification;
import io.sallyport.upstream.wire.RpcMessage.ServerRequest;
import io.sallyport.upstream.wire.StreamEnd;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * One request from the moment it is posted until its answer. Its stream is read whether or not
 * somebody waits, but not while a question that came on it is open: what comes after such a
 * question stays on the wire. A stream that is lost on the way is taken up where it was left, if
 * the server named its events.
 */
final class CallStream {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int BUSY = -32_603;

    /** So that a parked stream ends by its own clock and not by that of the connection. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** Questions from elsewhere that wait until the ones before them are answered. */
    private static final int MOST_ASIDE = 16;

    private final SessionWire wire;
    private final OutboundRequest asked;
    private final Mono<EgressReply> posted;
    private final Function<EgressReply, Mono<UpstreamReply>> inBody;
    private final Consumer<CallStream> whenOver;
    private final Sinks.One<UpstreamReply> answer = Sinks.one();
    private final Sinks.Empty<Void> left = Sinks.empty();
    private final Resumption resumption;
    private final ReplyDeadline hold;
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger aside = new AtomicInteger();
    private volatile Leg leg;
    private volatile boolean answered;
    private volatile boolean unsent;

    /**
     * @param posted posts the request, and is what the server begins to answer
     * @param inBody reads an answer that is no stream
     * @param whenOver hears that the server has no reason any more to ask something; maybe twice
     */
    CallStream(
            SessionWire wire,
            OutboundRequest asked,
            Mono<EgressReply> posted,
            Function<EgressReply, Mono<UpstreamReply>> inBody,
            Consumer<CallStream> whenOver) {
        this.wire = wire;
        this.asked = asked;
        this.posted = posted;
        this.inBody = inBody;
        this.whenOver = whenOver;
        this.hold = new ReplyDeadline(asked.deadline());
        this.resumption = new Resumption(wire.http(), asked);
        this.leg = new Leg(new NotificationRelay(asked));
    }

    String principal() {
        return asked.envelope().session();
    }

    boolean belongsTo(String principal) {
        return principal().equals(principal);
    }

    OutboundRequest asked() {
        return asked;
    }

    /** Whether the server may work on at it, or do so later. */
    boolean mayRunOn() {
        return !answered && !unsent;
    }

    /** The end of the first leg. */
    Mono<UpstreamReply> first() {
        return Mono.defer(() -> {
            Await.nothing(reading());
            return ending(leg).doOnError(_ -> leave()).doOnCancel(this::leave);
        });
    }

    /** The answer or a question, whichever comes first, and in time. */
    private Mono<UpstreamReply> ending(Leg now) {
        return isAskable()
                ? Mono.firstWithSignal(answer.asMono(), now.question().asMono())
                        .timeout(now.hearing().patience().expiry(), Mono.error(CallStream::late))
                : answer.asMono();
    }

    private boolean isAskable() {
        return !asked.envelope().capabilities().isEmpty();
    }

    private static EgressFailure late() {
        return new EgressFailure.TimedOut(true);
    }

    private Mono<Void> reading() {
        return StreamEnd.shortlyAfterFirst(Flux.defer(this::round).repeat(() -> !answered))
                .doOnNext(this::answer)
                .doOnError(this::broken)
                .takeUntilOther(left.asMono())
                .doFinally(_ -> whenOver.accept(this))
                .then();
    }

    private void answer(UpstreamReply reply) {
        whenOver.accept(this);
        answer.tryEmitValue(reply);
    }

    private void broken(Throwable thrown) {
        unsent = !Faults.of(thrown).sent();
        whenOver.accept(this);
        answer.tryEmitError(thrown);
    }

    /** One stream of this request: the first, or one that goes on where the last one broke off. */
    private Flux<UpstreamReply> round() {
        var begun = resumption.isUnused() ? posted : resumption.next(hold.until());
        return begun.flatMapMany(this::read).onErrorComplete(resumption::mayGoOn);
    }

    private Flux<UpstreamReply> read(EgressReply reply) {
        hold.came(reply);
        return Resumption.isEvents(reply)
                ? events(reply)
                : inBody.apply(reply).flatMap(this::answered).flux();
    }

    private Flux<UpstreamReply> events(EgressReply reply) {
        return AnswerBody.events(reply, resumption.watched(reply), asked)
                .doOnNext(resumption::remember)
                .filter(event -> !event.data().isEmpty())
                .concatMapDelayError(this::heard, false, 1);
    }

    private Flux<UpstreamReply> heard(ServerEvent event) {
        var bytes = event.data().getBytes(UTF_8);
        var messages =
                answered
                        ? RpcMessage.each(bytes, event.mended(), asked.mayHaveBatches())
                        : leg.hearing().each(bytes, event.mended(), asked.mayHaveBatches());
        int size = bytes.length / messages.size();
        return messages.size() == 1
                ? heard(messages.getFirst(), size).flux()
                : Flux.fromIterable(messages).concatMap(it -> heardAmong(it, size), 1);
    }

    /**
     * What waits for a person waits long, and would keep all that came with it: of a batch nothing
     * may be asked.
     */
    private Mono<UpstreamReply> heardAmong(RpcMessage message, int size) {
        return !answered
                        && message instanceof ServerRequest request
                        && Question.isOffered(request, asked.envelope().capabilities())
                ? refused(request, BUSY, "Ask this in a message of its own")
                : heard(message, size);
    }

    private Mono<UpstreamReply> heard(RpcMessage message, int size) {
        if (answered) {
            return afterAnswer(message);
        }
        return switch (message) {
            case RpcMessage.Response(var id, var reply) when id == asked.id() -> answered(reply);
            case ServerRequest request -> requested(request, size);
            case Notification notification -> {
                notified(notification);
                yield Mono.empty();
            }
            case RpcMessage.Response _, RpcMessage.Foreign _ -> {
                leg.hearing().skip(size);
                yield Mono.empty();
            }
        };
    }

    /** Nobody hears a second answer; the connection of a server that sends one is closed. */
    private Mono<UpstreamReply> afterAnswer(RpcMessage message) {
        return message instanceof RpcMessage.Response(var id, _) && id == asked.id()
                ? Mono.error(new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true))
                : Mono.empty();
    }

    private Mono<UpstreamReply> answered(UpstreamReply reply) {
        answered = true;
        leg.hearing().end();
        return Mono.just(reply);
    }

    /** The server tells something, on whichever stream. */
    void notified(Notification notification) {
        var now = leg;
        if (now.hearing().notified(notification)) {
            hold.allow(now.deadline().remaining());
        }
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

    /** The server asks on a stream that is not this request's. */
    void askedAside(ServerRequest request, int size) {
        var heard =
                aside.incrementAndGet() > MOST_ASIDE
                        ? refused(request, BUSY, "Too many requests wait for answers")
                        : requested(request, size);
        Await.nothing(
                heard.doOnError(this::broken)
                        .doOnError(_ -> leave())
                        .takeUntilOther(left.asMono())
                        .doFinally(_ -> aside.decrementAndGet()));
    }

    /**
     * Ends the leg with the question, and is over when the answer is brought. A leg ends once: what
     * is asked after its end waits for the next one.
     */
    private Mono<UpstreamReply> parked(ServerRequest request, int size) {
        var now = leg;
        var key = "ask-" + questions.incrementAndGet();
        var question = new Question(wire.parking().ticket(), key, request, this, now.over());
        if (!wire.parking().admit(question)) {
            return refused(request, BUSY, "Too many requests wait for answers");
        }
        hold.allow(wire.parking().patience().plus(MARGIN));
        now.hearing().end();
        if (now.question().tryEmitValue(question.asked(size)).isFailure()) {
            wire.parking().take(question.ticket());
            return now.over().asMono().then(Mono.defer(() -> parked(request, size)));
        }
        return now.over()
                .asMono()
                .timeout(wire.parking().patience(), Mono.defer(() -> expired(question)))
                .doOnCancel(() -> wire.parking().take(question.ticket()));
    }

    private Mono<UpstreamReply> expired(Question question) {
        if (wire.parking().take(question.ticket()).isEmpty()) {
            return Mono.empty(); // the answer came at the last moment
        }
        if (!answered) {
            wire.farewell().cancelled(asked);
        }
        return Mono.error(new UpstreamException(UpstreamFailure.TIMED_OUT, true));
    }

    /** The leg that begins with the answer to {@code question}. */
    Mono<UpstreamReply> next(Question question, UpstreamRequest request, JsonNode responses) {
        return Mono.defer(() -> brought(question, request, responses))
                .doOnError(_ -> leave())
                .doOnCancel(this::leave);
    }

    private Mono<UpstreamReply> brought(
            Question question, UpstreamRequest request, JsonNode responses) {
        if (answered) {
            return answer.asMono(); // the server did not wait
        }
        var deadline = Deadline.in(request.timeout());
        leg = new Leg(new NotificationRelay(asked.id(), request.envelope(), deadline));
        hold.allow(deadline.remaining());
        return wire.http()
                .tell(question.answer(responses), asked.headers(), deadline)
                .onErrorMap(EgressFailure.class, Resumption::ofCall)
                .flatMap(CallStream::accepted)
                .then(Mono.defer(() -> readOn(question)));
    }

    private Mono<UpstreamReply> readOn(Question question) {
        question.taken().tryEmitEmpty();
        return ending(leg);
    }

    private static Mono<Void> accepted(int status) {
        return status >= 200 && status < 300 ? Mono.empty() : Mono.error(Faults.ofStatus(status));
    }

    void abandon() {
        wire.farewell().cancelled(asked);
        leave();
    }

    private void leave() {
        left.tryEmitEmpty();
    }
}
