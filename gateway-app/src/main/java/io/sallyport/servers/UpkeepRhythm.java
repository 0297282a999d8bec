package io.sallyport.servers;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often one server is asked.
 *
 * @param gap shortest time between two listings, however many changes the server reports; twice as
 *     long after each listing in a row that showed a change, at most {@code period}
 * @param period time after which it is listed again although it reported nothing
 * @param retry the same after a listing that failed
 * @param reopen longest pause before a stream of changes that ended is opened again; the first
 *     pause is a sixtieth of it, each further one twice the one before
 */
record UpkeepRhythm(Duration gap, Duration period, Duration retry, Duration reopen) {
    /** A pin is void after five minutes: two listings in that time may fail. */
    static UpkeepRhythm standard() {
        return new UpkeepRhythm(
                Duration.ofSeconds(10),
                Duration.ofSeconds(150),
                Duration.ofSeconds(15),
                Duration.ofMinutes(1));
    }

    /** How long to wait for a change to be reported, after a listing that ended like this. */
    Duration after(Relisting listing) {
        return switch (listing) {
            case SAME, CHANGED -> period;
            case FAILED -> retry;
        };
    }

    /**
     * The gap after so many listings that showed a change: whoever changes with every listing is
     * listed less often, and nobody else is.
     */
    Duration gapAfter(int changes) {
        var longer = gap;
        for (int i = 1; i < changes && longer.compareTo(period) < 0; i++) {
            longer = longer.multipliedBy(2);
        }
        return changes > 1 && longer.compareTo(period) > 0 ? period : longer;
    }

    /** Between three quarters of a time and all of it, so that servers are not listed together. */
    static Duration spread(Duration time) {
        var quarter = time.toNanos() / 4;
        return quarter <= 0
                ? time
                : time.minusNanos(ThreadLocalRandom.current().nextLong(quarter + 1));
    }

    Duration firstReopen() {
        return reopen.dividedBy(60);
    }

    Duration after(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(reopen) < 0 ? twice : reopen;
    }
}
