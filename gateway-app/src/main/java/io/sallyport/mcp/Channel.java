package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import io.sallyport.edge.Sse;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * How one request is answered: as one JSON body if nothing happens before the result, as a stream
 * of events from the first message that comes before it. Nothing here ever blocks, and what waits
 * for a slow client is bounded: notices are dropped first, then the client is cut off.
 */
final class Channel {
    /** Messages that wait for a client; beyond it the client is cut off. */
    static final int CAPACITY = 256;

    /** Messages that wait when notices begin to be dropped. */
    static final int NOTICES = 128;

    /** Bytes that wait for a client; beyond it the client is cut off. */
    static final long MAX_BYTES = 4L * 1024 * 1024;

    /** Bytes that wait when notices begin to be dropped. */
    static final long NOTICE_BYTES = MAX_BYTES / 2;

    /** A connection that is lost while the stream begins never comes for it. */
    private static final long UNCLAIMED_NANOS = 30_000_000_000L;

    private final boolean streams;
    private final Runnable gone;
    private final CompletableFuture<Opening> opening = new CompletableFuture<>();
    private final Backlog waiting = new Backlog(CAPACITY, MAX_BYTES);
    private final Sinks.Many<byte[]> frames = Sinks.many().unicast().onBackpressureBuffer(waiting);
    private boolean open;
    private boolean closed;
    private long lastSent;
    private long openedAt;

    /** How the answer begins. */
    sealed interface Opening {
        record Whole(RpcAnswer answer) implements Opening {}

        record Stream(Flux<byte[]> frames) implements Opening {}
    }

    /**
     * @param streams whether the client reads event streams
     * @param now in nanoseconds of {@link System#nanoTime}
     * @param gone runs when the client leaves before the end
     */
    Channel(boolean streams, long now, Runnable gone) {
        this.streams = streams;
        this.gone = gone;
        lastSent = now;
    }

    /** How the answer begins; cancelling it, or the stream in it, is the client's leaving. */
    Mono<Opening> opening() {
        return Mono.fromFuture(opening, true).doOnCancel(this::leave);
    }

    private void leave() {
        synchronized (this) {
            closed = true;
        }
        gone.run();
    }

    /** Nothing more is written, for whatever reason; whoever still waits here has left. */
    void end() {
        if (!isClosed()) {
            leave();
        }
    }

    boolean streams() {
        return streams;
    }

    /** Sends what a client can do without: dropped if the client is slow or takes no stream. */
    void notice(JsonNode message) {
        if (takes(true, 0)) { // before it is written out
            send(event(message), true);
        }
    }

    private synchronized boolean takes(boolean notice, int bytes) {
        return streams && !closed && !(notice && isCrowded(bytes));
    }

    /**
     * Sends what the client must see before the answer.
     *
     * @return false if it cannot
     */
    boolean tell(JsonNode message) {
        return send(event(message), false);
    }

    /** Opens the stream and says nothing yet. */
    void open() {
        send(Sse.keepAlive(), false);
    }

    /** Shows that the stream lives, if it was silent for so many nanoseconds. */
    void keepAlive(long now, long silence) {
        if (isUnclaimed(now)) {
            leave();
        } else if (now - lastSent() >= silence) {
            send(Sse.keepAlive(), true);
        }
    }

    private synchronized boolean isUnclaimed(long now) {
        return open
                && !closed
                && frames.currentSubscriberCount() == 0
                && now - openedAt > UNCLAIMED_NANOS;
    }

    private synchronized long lastSent() {
        return lastSent;
    }

    private boolean send(byte[] frame, boolean notice) {
        boolean first;
        synchronized (this) {
            if (!takes(notice, frame.length)) {
                return false;
            }
            first = !open;
            open = true;
            lastSent = System.nanoTime();
            openedAt = first ? lastSent : openedAt;
            emit(frame);
        }
        if (first) {
            opening.complete(new Opening.Stream(frames.asFlux().doOnCancel(this::leave)));
        }
        return wasTaken();
    }

    /** A client that was cut off has left. */
    private boolean wasTaken() {
        var taken = !isClosed();
        if (!taken) {
            gone.run();
        }
        return taken;
    }

    /** Notices leave room for the answer. */
    private boolean isCrowded(int more) {
        var bytes = waiting.bytes();
        return waiting.size() >= NOTICES || bytes + more >= (bytes == 0 ? MAX_BYTES : NOTICE_BYTES);
    }

    private void emit(byte[] frame) {
        if (frames.tryEmitNext(frame).isFailure()) { // too much waits, or nobody reads any more
            closed = true;
            frames.tryEmitError(new IllegalStateException("the client does not read"));
        }
    }

    /** The answer; on an open stream it is the last event. Nothing comes after it. */
    void finish(RpcAnswer answer) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (open) {
                answer.body().ifPresent(it -> emit(event(it)));
                frames.tryEmitComplete();
            }
            closed = true;
        }
        if (!opening.isDone()) {
            opening.complete(new Opening.Whole(answer));
        }
    }

    /** Something broke that nobody foresaw. */
    void fail(Throwable failure) {
        synchronized (this) {
            closed = true;
            frames.tryEmitError(failure);
        }
        opening.completeExceptionally(failure);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private static byte[] event(JsonNode message) {
        return Sse.event(JsonText.write(message));
    }
}
