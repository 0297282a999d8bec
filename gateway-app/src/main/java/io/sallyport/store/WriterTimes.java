package io.sallyport.store;

import java.time.Duration;

/**
 * How long the writers of the audit log wait for each other.
 *
 * @param lease how long a writer may write without a renewal, and so how long the open intents of a
 *     killed gateway wait for their outcome; at least three renewals; default 4 s
 * @param renewal pause between two renewals of a lease, default 1 s
 * @param recovery pause between two searches for what dead writers left open, default 5 s
 */
public record WriterTimes(Duration lease, Duration renewal, Duration recovery) {
    /** A restart after a crash waits for a whole lease, so it is short. */
    public static final WriterTimes DEFAULT =
            new WriterTimes(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofSeconds(5));

    public WriterTimes {
        requirePositive(renewal, "renewal");
        requirePositive(recovery, "recovery");
        if (lease.compareTo(renewal.multipliedBy(3)) < 0) {
            throw new StartFailure("the writer's lease must be three renewals or longer");
        }
    }

    private static void requirePositive(Duration pause, String name) {
        if (!pause.isPositive()) {
            throw new StartFailure("the writer's " + name + " must be longer than nothing");
        }
    }
}
