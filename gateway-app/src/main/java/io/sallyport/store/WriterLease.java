package io.sallyport.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The right of one writer to append to the log. It is checked in every batch, so a process that
 * lost it cannot write; and only after it has expired may anyone close what that process left open.
 */
final class WriterLease {
    /** Three missed renewals end it. */
    static final Duration TTL = Duration.ofSeconds(4);

    /** A clean stop leaves nothing to wait for, a killed process its whole lease. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Database database;
    private final String writer;
    private volatile long epoch;

    WriterLease(Database database, String writer) {
        this.database = database;
        this.writer = writer;
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
        var deadline = System.nanoTime() + 3 * TTL.toNanos();
        var taken = take();
        while (taken.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new StartFailure("another process writes this audit log");
            }
            pause();
            taken = take();
        }
        epoch = taken.get();
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(RETRY.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private Optional<Long> take() {
        return database.transactions()
                .execute(_ -> {
                    var next = nextEpoch();
                    next.ifPresent(this::remember);
                    return next;
                });
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
                .param("ttl", TTL.toSeconds())
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

    /** Extends the lease; false if somebody else has taken the writer over. */
    boolean renew() {
        return database.jdbc()
                        .sql(
                                """
                                update audit_writer
                                set expires = clock_timestamp() + make_interval(secs => :ttl)
                                where writer = :writer and epoch = :epoch
                                """)
                        .param("ttl", TTL.toSeconds())
                        .param("writer", writer)
                        .param("epoch", epoch)
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
