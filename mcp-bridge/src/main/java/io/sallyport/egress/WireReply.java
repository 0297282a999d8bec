package io.sallyport.egress;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/** An answer whose body is still on the wire. */
final class WireReply implements EgressReply {
    private final HttpClientResponse head;
    private final Connection wire;
    private final Exchange exchange;
    private final long maxBytes;
    private final Keeper keeper;
    private long received;

    /**
     * @param maxBytes longest body
     * @param keeper counts what is kept of it
     */
    WireReply(
            HttpClientResponse head,
            Connection wire,
            Exchange exchange,
            long maxBytes,
            Keeper keeper) {
        this.head = head;
        this.wire = wire;
        this.exchange = exchange;
        this.maxBytes = maxBytes;
        this.keeper = keeper;
    }

    @Override
    public int status() {
        return head.status().code();
    }

    @Override
    public Optional<String> header(String name) {
        var lines = head.responseHeaders().getAll(name);
        if (lines.size() == 1 && lines.getFirst().indexOf(',') < 0) {
            return Optional.of(lines.getFirst().strip()); // nearly always, several times an answer
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(oneOf(String.join(", ", lines)));
    }

    /** What is said several times in the same words is said once. */
    private static String oneOf(String all) {
        var values = Arrays.stream(all.split(",", -1)).map(String::strip).distinct().toList();
        return values.size() == 1 ? values.getFirst() : all;
    }

    @Override
    public Flux<byte[]> body() {
        return exchange.untilDeadline(wire.inbound().receive().asByteArray().map(this::counted));
    }

    @Override
    public Mono<byte[]> bytes() {
        return body().doOnNext(chunk -> keeper.add(chunk.length))
                .collectList()
                .map(WireReply::joined)
                .flatMap(whole -> LongAnswers.handOn(tenant(), whole, whole.length))
                .doFinally(_ -> keeper.close());
    }

    @Override
    public String tenant() {
        return exchange.tenant();
    }

    @Override
    public Keeper keeper() {
        return keeper;
    }

    @Override
    public void allow(Duration time) {
        exchange.allow(time);
    }

    @Override
    public void discard() {
        exchange.abandon();
    }

    private byte[] counted(byte[] chunk) {
        received += chunk.length;
        if (received > maxBytes) {
            throw new EgressFailure.TooLarge(oversize());
        }
        return chunk;
    }

    private Oversize oversize() {
        long announced = head.responseHeaders().getInt("content-length", -1);
        return announced > maxBytes
                ? new Oversize(announced, true, maxBytes)
                : new Oversize(received, false, maxBytes);
    }

    private static byte[] joined(List<byte[]> chunks) {
        if (chunks.size() == 1) {
            return chunks.getFirst();
        }
        var all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
