package io.sallyport.upstream.wire;

import io.sallyport.catalog.CallTimes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The time that a request has. It begins again with each progress beyond what was told before, and
 * is over five minutes after the request began whatever is told: a server whose progress rises
 * works, one that repeats itself may not.
 */
public final class Patience {
    private final Duration each;
    private final Deadline last;
    private volatile Deadline now;
    private Optional<BigDecimal> told = Optional.empty(); // guarded by this

    public Patience(Deadline first) {
        this(first, CallTimes.LONGEST);
    }

    /**
     * @param longest from now on, however far the progress gets
     */
    public Patience(Deadline first, Duration longest) {
        each = first.remaining();
        last = Deadline.in(longest);
        now = first;
    }

    public Deadline deadline() {
        return now;
    }

    /** Whether there is more time now, since {@code progress} is a number beyond the last one. */
    public synchronized boolean hears(JsonNode progress) {
        if (!progress.isNumber()) {
            return false;
        }
        var number = new BigDecimal(progress.asString());
        if (told.filter(before -> number.compareTo(before) <= 0).isPresent()) {
            return false;
        }
        told = Optional.of(number);
        var next = Deadline.in(each).orEarlier(last);
        boolean isMore = next.isAfter(now);
        now = isMore ? next : now;
        return isMore;
    }

    /** Emits when the time is over, however often it began again. */
    public Mono<Long> expiry() {
        return Mono.defer(() -> Mono.delay(now.remaining()))
                .flatMap(it -> now.allows(Duration.ZERO) ? expiry() : Mono.just(it));
    }
}
