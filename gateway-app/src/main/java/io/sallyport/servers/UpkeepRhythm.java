package io.sallyport.servers;

import java.time.Duration;

/**
 * How often one server is asked.
 *
 * @param gap shortest time between two listings, however many changes the server reports
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

    Duration firstReopen() {
        return reopen.dividedBy(60);
    }

    Duration after(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(reopen) < 0 ? twice : reopen;
    }
}
