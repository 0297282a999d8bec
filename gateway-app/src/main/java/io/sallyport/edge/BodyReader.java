package io.sallyport.edge;

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

    private final Duration timeout;
    private final long start;
    private long received;

    private BodyReader(Duration timeout) {
        this.timeout = timeout;
        start = System.nanoTime();
    }

    sealed interface Reading {
        @SuppressWarnings("ArrayRecordComponent") // read once, never compared
        record Whole(byte[] bytes) implements Reading {}

        record Refused(Refusal refusal) implements Reading {}
    }

    static Mono<Reading> read(ServerHttpRequest request, int maxBytes, Duration timeout) {
        var reader = new BodyReader(timeout);
        var buffers =
                request.getBody().timeout(Mono.delay(timeout), buffer -> reader.timeLeft(buffer));
        return DataBufferUtils.join(buffers, maxBytes)
                .<Reading>map(it -> new Reading.Whole(bytes(it)))
                .defaultIfEmpty(new Reading.Whole(new byte[0]))
                .onErrorResume(it -> Mono.just(new Reading.Refused(refusal(it))));
    }

    private Mono<Long> timeLeft(DataBuffer next) {
        received += next.readableByteCount();
        var granted = timeout.plusSeconds(received / BYTES_PER_SECOND);
        return Mono.delay(granted.minusNanos(System.nanoTime() - start));
    }

    private static Refusal refusal(Throwable failure) {
        return switch (failure) {
            case DataBufferLimitException _ -> BodyRules.TOO_LARGE;
            case TimeoutException _ -> TOO_SLOW;
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
