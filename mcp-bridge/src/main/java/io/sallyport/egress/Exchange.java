package io.sallyport.egress;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.sallyport.threads.Deadlines;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One request and its answer, under one deadline. It knows whether anything may have been written:
 * an exchange that ended before its turn to write never writes.
 */
final class Exchange {
    /**
     * What servers write as an encoding where there is none: a word that keeps proxies from
     * compressing a stream, the name of a charset, nothing.
     */
    private static final Set<String> AS_IT_IS = Set.of("", "none", "identity", "utf-8", "utf8");

    private enum Phase {
        WAITING,
        SENT,
        OVER
    }

    private final EgressRequest request;
    private final EgressReply.Keeper keeper;
    private final Runnable whenOver;
    private final AtomicReference<Disposable> deadline =
            new AtomicReference<>(Disposables.disposed());
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private final Sinks.Empty<EgressReply> expiry = Sinks.empty();
    private final Disposable.Swap connection = Disposables.swap();
    private volatile boolean sent;
    private boolean closed; // confined to the event loop

    /**
     * @param keeper counts what is kept of the answer
     * @param whenOver called once
     */
    Exchange(EgressRequest request, EgressReply.Keeper keeper, Runnable whenOver) {
        this.request = request;
        this.keeper = keeper;
        this.whenOver = whenOver;
    }

    /** Whose request it is. */
    String tenant() {
        return request.destination().tenant();
    }

    /** Measures the time anew, unless it is over. */
    void allow(Duration time) {
        deadline.getAndSet(Deadlines.after(time, this::expire)).dispose();
        if (phase.get() == Phase.OVER) {
            deadline.get().dispose();
        }
    }

    /** Sends it; its time begins now. */
    Mono<EgressReply> over(HttpClient http) {
        allow(request.timeout());
        return http.request(HttpMethod.valueOf(request.method()))
                .uri(request.destination().uri())
                .send(this::write)
                .responseConnection(this::answer)
                .singleOrEmpty()
                .takeUntilOther(expiry.asMono())
                .onErrorMap(this::failure)
                .doOnError(_ -> end())
                .doOnCancel(this::abandon);
    }

    /** Called on the connection's event loop when it is this request's turn. */
    private Publisher<Void> write(HttpClientRequest head, NettyOutbound out) {
        out.withConnection(this::own);
        if (closed || !phase.compareAndSet(Phase.WAITING, Phase.SENT)) {
            return Mono.error(new EgressFailure.ConnectFailed("closed before sending"));
        }
        sent = true;
        request.headers().forEach(header -> head.header(header.name(), header.value()));
        return request.body().length == 0
                ? out
                : out.send(Mono.just(Unpooled.wrappedBuffer(request.body())));
    }

    /** It is closed on the event loop, where it is known whether it went back to its pool. */
    private void own(Connection wire) {
        closed = !wire.channel().isActive();
        connection.update(() -> leave(wire));
    }

    private static void leave(Connection wire) {
        if (wire.channel().isRegistered()) {
            wire.channel().eventLoop().execute(wire::dispose);
        } else {
            wire.dispose();
        }
    }

    private Mono<EgressReply> answer(HttpClientResponse head, Connection wire) {
        if (isEncoded(head)) {
            wire.dispose(); // none was asked for, and nothing here inflates
            return Mono.error(new EgressFailure.Encoded());
        }
        return Mono.just(new WireReply(head, wire, this, request.maxBytes(), keeper));
    }

    private static boolean isEncoded(HttpClientResponse head) {
        return head.responseHeaders().getAll("content-encoding").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .anyMatch(name -> !AS_IT_IS.contains(name));
    }

    /**
     * Puts {@code body} under the deadline, and ends the exchange with it: before whoever reads it
     * hears of its end, and may send the next request.
     */
    Flux<byte[]> untilDeadline(Flux<byte[]> body) {
        return body.takeUntilOther(expiry.asMono())
                .onErrorMap(this::failure)
                .doOnTerminate(this::end)
                .doOnCancel(this::end);
    }

    private EgressFailure failure(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof EgressFailure known) {
                return known;
            }
        }
        var detail = thrown.getClass().getSimpleName();
        return sent
                ? new EgressFailure.Broken(detail)
                : new EgressFailure.ConnectFailed(detail, cause(thrown));
    }

    private static FaultDetail.Cause cause(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return FaultDetail.Cause.TLS;
            }
        }
        return FaultDetail.Cause.OTHER;
    }

    private void expire() {
        var before = end();
        if (before != Phase.OVER) {
            expiry.tryEmitError(new EgressFailure.TimedOut(before == Phase.SENT));
            connection.dispose();
        }
    }

    /** Drops what is still to come. */
    void abandon() {
        if (end() != Phase.OVER) {
            connection.dispose();
        }
    }

    /** From here on nothing is written and no time is measured. Returns the phase until now. */
    private Phase end() {
        deadline.get().dispose();
        var before = phase.getAndSet(Phase.OVER);
        if (before != Phase.OVER) {
            whenOver.run();
        }
        return before;
    }
}
