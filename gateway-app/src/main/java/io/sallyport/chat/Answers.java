package io.sallyport.chat;

import io.sallyport.edge.EventWriter;
import io.sallyport.edge.Sse;
import io.sallyport.provider.ModelFailure;
import java.util.function.Supplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Writes answers straight to the wire: no codecs, no negotiation. */
final class Answers {
    private static final String JSON = "application/json";

    /** Small ones are not counted; the large are held by the room of their request. */
    private static final int AHEAD = 16;

    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private Answers() {}

    static Mono<ServerResponse> json(ChatCall call, byte[] body) {
        return ServerResponse.ok().build((_, _) -> write(call, body));
    }

    static Mono<Void> write(ChatCall call, byte[] body) {
        return write(call, 200, body);
    }

    /**
     * What {@code writing} does, from its first step to the last byte, so that it sees its own end
     * however it comes. A failure before the first byte is an ordinary error answer.
     */
    static Mono<ServerResponse> writing(ChatCall call, Supplier<Mono<Void>> writing) {
        return ServerResponse.ok().build((_, _) -> orError(call, Mono.defer(writing)));
    }

    private static Mono<Void> orError(ChatCall call, Mono<Void> writing) {
        return writing.onErrorResume(
                _ -> !call.response().isCommitted(),
                failure -> writeError(call, errorOf(call, failure)));
    }

    static Mono<ServerResponse> error(ChatCall call, ChatError error) {
        return ServerResponse.ok().build((_, _) -> writeError(call, error));
    }

    /**
     * One frame, one flush. A failure before the first frame is an ordinary error answer; a later
     * one is the last event of the stream.
     */
    static Mono<ServerResponse> stream(ChatCall call, Flux<byte[]> frames) {
        return ServerResponse.ok().build((_, _) -> writeStream(call, frames));
    }

    private static Mono<Void> write(ChatCall call, int status, byte[] body) {
        var response = call.response();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        var headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        headers.setContentLength(body.length);
        call.addResponseHeaders(headers);
        return response.writeWith(Mono.just(wrap(response, body)));
    }

    private static Mono<Void> writeError(ChatCall call, ChatError error) {
        error.headers().forEach(call.response().getHeaders()::set);
        return write(call, error.status(), error.body());
    }

    static Mono<Void> writeStream(ChatCall call, Flux<byte[]> frames) {
        var response = call.response();
        response.getHeaders().setCacheControl("no-store");
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, EVENTS);
        response.beforeCommit(
                () -> Mono.fromRunnable(() -> call.addResponseHeaders(response.getHeaders())));
        var told = frames.switchOnFirst((first, all) -> endingInError(call, first, all));
        return orError(call, EventWriter.write(response, told, AHEAD));
    }

    private static Flux<byte[]> endingInError(
            ChatCall call, Signal<? extends byte[]> first, Flux<byte[]> frames) {
        if (first.isOnError()) {
            return frames;
        }
        return frames.onErrorResume(failure -> Flux.just(Sse.event(errorOf(call, failure).body())));
    }

    /** The answer for a failure, which is logged if nobody foresaw it. */
    static ChatError errorOf(ChatCall call, Throwable failure) {
        if (failure instanceof ModelFailure model) {
            Failures.log(call.caller().requestId(), model);
        } else if (ChatFailure.isUnforeseen(failure)) {
            Failures.log(call.caller().requestId(), failure);
        }
        return ChatFailure.errorOf(failure);
    }

    private static DataBuffer wrap(ServerHttpResponse response, byte[] bytes) {
        return response.bufferFactory().wrap(bytes);
    }
}
