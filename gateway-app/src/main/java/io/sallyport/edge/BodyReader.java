package io.sallyport.edge;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.error.Reason;
import io.sallyport.threads.Deadlines;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads one body whole, within its limit of size and time. */
final class BodyReader {
    /** A body may take a second longer for each of these that came. */
    private static final int BYTES_PER_SECOND = 64 * 1024;

    private static final Refusal TOO_SLOW =
            new Refusal(408, Reason.REQUEST_TIMEOUT, "The body did not come in time.");
    private static final Refusal BROKEN =
            new Refusal(400, Reason.INVALID_REQUEST, "The body could not be read.");

    private static final Refusal OVERLOADED =
            new Refusal(503, Reason.OVERLOADED, "Too much is being read; try again.");
    private static final Refusal TOO_MANY_PARTS =
            new Refusal(413, Reason.BODY_TOO_LARGE, "The body has too many parts.");

    /** Given here because the operator would otherwise word one for every request. */
    private static final Mono<DataBuffer> LATE = Mono.error(TimeoutException::new);

    private final int maxBytes;
    private final Duration timeout;
    private final HeldBody held;
    private final long announced;
    private final long start;
    private byte[] bytes = {};
    private int received;

    private BodyReader(int maxBytes, Duration timeout, HeldBody held, long announced) {
        this.maxBytes = maxBytes;
        this.timeout = timeout;
        this.held = held;
        this.announced = announced;
        start = System.nanoTime();
    }

    /** More is being read than the budget has. */
    private static final class Overloaded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overloaded() {
            super("overloaded", null, false, false);
        }
    }

    sealed interface Reading {
        @SuppressWarnings("ArrayRecordComponent") // read once, never compared
        record Whole(byte[] bytes) implements Reading {}

        record Refused(Refusal refusal) implements Reading {}
    }

    /**
     * @param held counts the bytes as they come; what is announced and could not be held even now
     *     is refused unread
     */
    static Mono<Reading> read(
            ServerHttpRequest request, int maxBytes, Duration timeout, HeldBody held) {
        var length = request.getHeaders().getContentLength();
        if (length > 0 && !held.expectsText(length)) {
            return Mono.just(new Reading.Refused(OVERLOADED));
        }
        var reader = new BodyReader(maxBytes, timeout, held, length);
        return request.getBody()
                .timeout(Deadlines.expiry(timeout), _ -> reader.timeLeft(), LATE)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .reduceWith(() -> reader, BodyReader::take)
                .map(BodyReader::weighed)
                .onErrorResume(it -> Mono.just(new Reading.Refused(refusal(it))));
    }

    /**
     * Copies what came: a buffer that is kept may be a thousand times as large as what is in it.
     */
    private BodyReader take(DataBuffer buffer) {
        try {
            append(buffer);
        } finally {
            DataBufferUtils.release(buffer);
        }
        return this;
    }

    private void append(DataBuffer buffer) {
        var more = buffer.readableByteCount();
        if (more > maxBytes - received) {
            throw new DataBufferLimitException("more than " + maxBytes);
        }
        if (!held.growsByText(more)) {
            throw new Overloaded();
        }
        if (more > bytes.length - received) {
            var doubled = Math.min(maxBytes, received * 2);
            bytes = Arrays.copyOf(bytes, Math.max(received + more, doubled));
        }
        buffer.read(bytes, received, more);
        received += more;
    }

    private Reading weighed() {
        var whole = received == bytes.length ? bytes : Arrays.copyOf(bytes, received);
        var weight = JsonWeight.ofNodes(whole);
        if (held.growsBy(weight)) {
            return new Reading.Whole(whole);
        }
        var ever = held.isEverEnoughFor(weight + JsonWeight.ofText(received));
        return new Reading.Refused(ever ? OVERLOADED : TOO_MANY_PARTS);
    }

    /** Until the next bytes come, in view of those that were taken; none come after the last. */
    private Mono<Void> timeLeft() {
        if (received == announced) {
            return Mono.never();
        }
        var granted = timeout.plusSeconds(received / BYTES_PER_SECOND);
        return Deadlines.expiry(granted.minusNanos(System.nanoTime() - start));
    }

    private static Refusal refusal(Throwable failure) {
        return switch (failure) {
            case DataBufferLimitException _ -> BodyRules.TOO_LARGE;
            case TimeoutException _ -> TOO_SLOW;
            case Overloaded _ -> OVERLOADED;
            default -> BROKEN;
        };
    }
}
