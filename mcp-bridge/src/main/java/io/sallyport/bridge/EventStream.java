package io.sallyport.bridge;

import io.sallyport.egress.EgressReply;
import io.sallyport.egress.LongAnswers;
import reactor.core.publisher.Flux;

/** Server-sent events, as the WHATWG HTML standard (section 9.2) interprets a stream. */
public final class EventStream {
    /**
     * The most that one stream which belongs to no request may say before it is closed and opened
     * again: a server that tells of a thousand changes a second needs minutes for it, and one that
     * floods us waits between its streams.
     */
    public static final long MOST_OF_CHANGES = 16L * 1024 * 1024;

    private EventStream() {}

    /**
     * The events of {@code body}, as they come. Two things are taken that the standard drops or
     * leaves open: the event that a whole body ends with though no blank line follows, which then
     * has no id of its own, and bytes that are no UTF-8, which become U+FFFD. Fails with {@link
     * EventStreamFault} at the first line or event longer than {@code maxEventBytes}.
     */
    public static Flux<ServerEvent> read(Flux<byte[]> body, int maxEventBytes) {
        return Flux.defer(() -> {
            var parser = new EventStreamParser(maxEventBytes);
            return body.concatMapIterable(parser::feed, 1)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(parser.end())));
        });
    }

    /**
     * The same of a stream that belongs to no request: what of it waits to be whole counts, and an
     * event that is long is read where it holds up no connection.
     */
    public static Flux<ServerEvent> read(EgressReply reply, int maxEventBytes) {
        var keeper = reply.keeper();
        return read(reply.body().doOnNext(chunk -> keeper.add(chunk.length)), maxEventBytes)
                .concatMap(it -> LongAnswers.handOn(reply.tenant(), it, it.data().length()), 1)
                .doOnNext(_ -> keeper.clear())
                .doFinally(_ -> keeper.close());
    }
}
