package io.sallyport.bridge;

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
     * The events of {@code body}, as they come; an event that the body's end cuts off is dropped.
     * Fails with {@link EventStreamFault} at the first line or event longer than {@code
     * maxEventBytes}, or that is not UTF-8.
     */
    public static Flux<ServerEvent> read(Flux<byte[]> body, int maxEventBytes) {
        return Flux.defer(
                () -> body.concatMapIterable(new EventStreamParser(maxEventBytes)::feed, 1));
    }
}
