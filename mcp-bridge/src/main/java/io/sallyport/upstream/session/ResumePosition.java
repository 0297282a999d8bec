package io.sallyport.upstream.session;

import io.sallyport.bridge.ServerEvent;
import io.sallyport.egress.Header;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Where a stream of events was left, and how long to wait before it is taken up again: what the
 * server said, and longer the more often it does not last. Confined to the reading of that stream.
 */
final class ResumePosition {
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MAX_ID = 1_024;

    private Optional<String> lastId = Optional.empty();
    private Duration retry = USUAL;
    private Duration backoff = Duration.ZERO;
    private long opened = System.nanoTime();

    void remember(ServerEvent event) {
        lastId = event.id().filter(ResumePosition::isHeaderValue);
        event.retry().ifPresent(millis -> retry = within(Duration.ofMillis(millis)));
    }

    private static boolean isHeaderValue(String id) {
        return id.length() <= MAX_ID && id.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static Duration within(Duration asked) {
        return longer(asked, SHORTEST).compareTo(LONGEST) > 0 ? LONGEST : longer(asked, SHORTEST);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Whether the server can be asked for what came after. */
    boolean isKnown() {
        return lastId.isPresent();
    }

    Duration retry() {
        return retry;
    }

    List<Header> headers() {
        return lastId.map(id -> List.of(new Header("last-event-id", id))).orElse(List.of());
    }

    void opening() {
        opened = System.nanoTime();
    }

    /** The time until the next attempt, doubled for each stream that was gone at once. */
    Mono<Long> pause() {
        var lasted = Duration.ofNanos(System.nanoTime() - opened).compareTo(LONGEST) >= 0;
        backoff = lasted ? retry : within(longer(backoff.multipliedBy(2), retry));
        return Mono.delay(backoff);
    }
}
