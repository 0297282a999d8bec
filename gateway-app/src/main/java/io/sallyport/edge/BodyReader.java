package io.sallyport.edge;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.error.Reason;
import java.time.Duration;
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

    private final Duration timeout;
    private final HeldBody held;
    private final boolean announced;
    private final long start;
    private long received;

    private BodyReader(Duration timeout, HeldBody held, boolean announced) {
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
     * @param held counts the bytes, before they are read where their number is announced
     */
    static Mono<Reading> read(
            ServerHttpRequest request, int maxBytes, Duration timeout, HeldBody held) {
        var length = request.getHeaders().getContentLength();
        if (length > 0 && !held.growsByText(length)) {
            return Mono.just(new Reading.Refused(OVERLOADED));
        }
        var reader = new BodyReader(timeout, held, length > 0);
        var buffers =
                request.getBody().timeout(Mono.delay(timeout), buffer -> reader.timeLeft(buffer));
        return DataBufferUtils.join(buffers, maxBytes)
                .<Reading>map(it -> reader.weighed(bytes(it)))
                .defaultIfEmpty(new Reading.Whole(new byte[0]))
                .onErrorResume(it -> Mono.just(new Reading.Refused(refusal(it))));
    }

    private Reading weighed(byte[] bytes) {
        var weight = JsonWeight.ofNodes(bytes);
        if (held.growsBy(weight)) {
            return new Reading.Whole(bytes);
        }
        var ever = held.isEverEnoughFor(weight + JsonWeight.ofText(bytes.length));
        return new Reading.Refused(ever ? OVERLOADED : TOO_MANY_PARTS);
    }

    private Mono<Long> timeLeft(DataBuffer next) {
        received += next.readableByteCount();
        if (!announced && !held.growsByText(next.readableByteCount())) {
            return Mono.error(new Overloaded());
        }
        var granted = timeout.plusSeconds(received / BYTES_PER_SECOND);
        return Mono.delay(granted.minusNanos(System.nanoTime() - start));
    }

    private static Refusal refusal(Throwable failure) {
        return switch (failure) {
            case DataBufferLimitException _ -> BodyRules.TOO_LARGE;
            case TimeoutException _ -> TOO_SLOW;
            case Overloaded _ -> OVERLOADED;
            default -> BROKEN;
        };
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
