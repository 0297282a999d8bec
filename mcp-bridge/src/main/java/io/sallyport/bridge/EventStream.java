package io.sallyport.bridge;

import reactor.core.publisher.Flux;

/** Server-sent events, as the WHATWG HTML standard (section 9.2) interprets a stream. */
public final class EventStream {
    private EventStream() {}

    /**
     * The events of {@code body}, as they come; an event that the body's end cuts off is dropped.
     * Fails with {@link EventStreamFault} at the first line or event longer than {@code
     * maxEventBytes}, or that is not UTF-8.
     */
    public static Flux<ServerEvent> read(Flux<byte[]> body, int maxEventBytes) {
        return Flux.defer(
                () -> body.concatMapIterable(new EventStreamParser(maxEventBytes)::feed, 1));
    }
}
