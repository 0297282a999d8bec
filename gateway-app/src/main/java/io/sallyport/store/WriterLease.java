package io.sallyport.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The right of one writer to append to the log. It is checked in every batch, so a process that
 * lost it cannot write; and only after it has expired may anyone close what that process left open.
 */
final class WriterLease {
    /** A clean stop leaves nothing to wait for, a killed process its whole lease. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Database database;
    private final String writer;
    private final Duration ttl;
    private volatile long epoch;
    private volatile boolean held;

    /** Meanwhile the epoch in the database may be newer than the one that is known here. */
    private volatile boolean reopening;

    WriterLease(Database database, String writer, Duration ttl) {
        this.database = database;
        this.writer = writer;
        this.ttl = ttl;
    }

    String writer() {
        return writer;
    }

    long epoch() {
        return epoch;
    }

    /**
     * Takes the next epoch; waits until the lease of the process before has expired.
     *
     * @throws StartFailure if another process keeps renewing it
     */
    void open() throws InterruptedException {
        var deadline = System.nanoTime() + 3 * ttl.toNanos();
        var taken = take();
        while (taken.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new StartFailure("another process writes this audit log");
            }
            pause();
            taken = take();
        }
        epoch = taken.get();
        held = true;
    }

    /** Whether it was this process's when it was last looked at. */
    boolean isHeld() {
        return held;
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(RETRY.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * Ends the epoch of this process and begins the next. Waits for whatever is being written in
     * the old one, and keeps it out if it comes later. The lease never lapses in between: to others
     * this process is alive, and so are its intents.
     *
     * @return false if somebody else has taken the writer over and their lease still runs
     */
    boolean reopen() {
        reopening = true;
        try {
            var next = inTransaction(this::ownNextEpoch).or(this::take);
            next.ifPresent(it -> epoch = it);
            held = next.isPresent();
            return held;
        } finally {
            reopening = false;
        }
    }

    private Optional<Long> take() {
        return inTransaction(this::nextEpoch);
    }

    private Optional<Long> inTransaction(Supplier<Optional<Long>> step) {
        return database.transactions()
                .execute(_ -> {
                    var next = step.get();
                    next.ifPresent(this::remember);
                    return next;
                });
    }

    private Optional<Long> ownNextEpoch() {
        return database.jdbc()
                .sql(
                        """
                        update audit_writer
                        set epoch = epoch + 1,
                            expires = clock_timestamp() + make_interval(secs => :ttl)
                        where writer = :writer and epoch = :epoch
                        returning epoch
                        """)
                .param("ttl", seconds())
                .param("writer", writer)
                .param("epoch", epoch)
                .query(Long.class)
                .optional();
    }

    private double seconds() {
        return ttl.toMillis() / 1_000.0;
    }

    private Optional<Long> nextEpoch() {
        return database.jdbc()
                .sql(
                        """
                        insert into audit_writer (writer, epoch, expires)
                        values (:writer, 1, clock_timestamp() + make_interval(secs => :ttl))
                        on conflict (writer) do update
                            set epoch = audit_writer.epoch + 1, expires = excluded.expires
                            where audit_writer.expires < clock_timestamp()
                        returning epoch
                        """)
                .param("writer", writer)
                .param("ttl", seconds())
                .query(Long.class)
                .optional();
    }

    private void remember(long opened) {
        database.jdbc()
                .sql("insert into audit_epoch (writer, epoch) values (:writer, :epoch)")
                .param("writer", writer)
                .param("epoch", opened)
                .update();
    }

    /**
     * Extends the lease; false if somebody else has taken the writer over. What comes with the
     * epoch that this process itself is ending changes nothing, and is no loss.
     */
    boolean renew() {
        var mine = epoch;
        if (extend(mine)) {
            held = true;
        } else if (!reopening && mine == epoch) {
            held = false;
        }
        return held;
    }

    private boolean extend(long mine) {
        return database.jdbc()
                        .sql(
                                """
                                update audit_writer
                                set expires = clock_timestamp() + make_interval(secs => :ttl)
                                where writer = :writer and epoch = :epoch
                                """)
                        .param("ttl", seconds())
                        .param("writer", writer)
                        .param("epoch", mine)
                        .update()
                == 1;
    }

    /** Ends the lease now: this process writes nothing any more. */
    void release() {
        database.jdbc()
                .sql(
                        "update audit_writer set expires = clock_timestamp()"
                                + " where writer = :writer and epoch = :epoch")
                .param("writer", writer)
                .param("epoch", epoch)
                .update();
    }
}
