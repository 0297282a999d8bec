package io.sallyport.store;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Whether records can be written now, found out before anybody asks: by what the writer meets and,
 * while it has nothing to write, by a look every two seconds on a connection of its own.
 */
final class StoreHealth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Three looks; a check that hangs is bad news too. */
    private static final long STALE_NANOS = 6_000_000_000L;

    private static final long LASTING_NANOS = 2_000_000_000L;

    private static final long RETRY_NANOS = 3_000_000_000L;

    /** 128 KiB, a page each: more than a call and its records need. */
    private static final String TAKE_ROOM =
            "insert into audit_room select repeat('x', 7000) from generate_series(1, 16)";

    /** Gives the pages back to the disk, so that the next look needs new ones again. */
    private static final String LEAVE_ROOM = "vacuum audit_room";

    /** Class 53, disk_full (PostgreSQL, appendix A). */
    private static final String DISK_FULL = "53100";

    private final Database database;
    private final Supplier<Optional<Trouble>> integration;
    private final SupervisedThread thread;
    private volatile Found found = new Found(System.nanoTime(), Optional.empty());
    private volatile long lookedAt = System.nanoTime();

    /** When the first trouble was found of those that there is now. */
    private volatile long lostAt = System.nanoTime();

    /** The failures of the writer in a row; by its thread. */
    private volatile Optional<Failures> failures = Optional.empty();

    private record Found(long at, Optional<Trouble> trouble) {}

    private record Failures(long first, long last) {
        Failures until(long now) {
            return new Failures(first, now);
        }
    }

    /**
     * @param integration what keeps records out of their trees
     */
    StoreHealth(
            Database database, Supplier<Optional<Trouble>> integration, Supervision supervision) {
        this.database = database;
        this.integration = integration;
        thread = supervision.platform("store-health", this::run);
    }

    void start() {
        thread.start();
    }

    /** A batch is on disk. */
    void written() {
        foundNone();
    }

    /** A batch could not be written. */
    void failed(SQLException failure) {
        var now = System.nanoTime();
        failures =
                failures.filter(_ -> found.trouble().isPresent())
                        .map(it -> it.until(now))
                        .or(() -> Optional.of(new Failures(now, now)));
        found(failure);
    }

    /**
     * True while the writer has met nothing but failures for longer than a caller would wait: then
     * nobody need wait as long to hear the same. Three seconds after the last failure somebody may
     * try again, whatever the look says.
     */
    boolean isDown() {
        var now = System.nanoTime();
        return found.trouble().isPresent()
                && failures.filter(it -> now - it.first() > LASTING_NANOS)
                        .filter(it -> now - it.last() < RETRY_NANOS)
                        .isPresent();
    }

    private void foundNone() {
        if (found(Optional.empty())) {
            LOG.info(
                    "the store has recovered: records can be written again, after {} ms",
                    Duration.ofNanos(System.nanoTime() - lostAt).toMillis());
        }
    }

    private void found(Throwable failure) {
        var state = sqlState(failure);
        var trouble =
                state.filter(DISK_FULL::equals).isPresent()
                        ? Trouble.DISK_FULL
                        : Trouble.STORE_UNAVAILABLE;
        if (found(Optional.of(trouble))) {
            LOG.warn(
                    "records cannot be written: {} ({})",
                    trouble.code(),
                    state.map(it -> "SQLSTATE " + it).orElse("no answer"));
        }
    }

    /** Returns whether that is news. */
    private boolean found(Optional<Trouble> trouble) {
        var before = found.trouble();
        var now = System.nanoTime();
        found = new Found(now, trouble);
        if (before.isEmpty() && trouble.isPresent()) {
            lostAt = now;
        }
        return !before.equals(trouble);
    }

    /** What keeps calls from being recorded now; from memory, it waits for nothing. */
    Optional<Trouble> trouble() {
        return ofDatabase().or(integration);
    }

    /** What is wrong with the database itself; from memory. */
    Optional<Trouble> ofDatabase() {
        return System.nanoTime() - lookedAt > STALE_NANOS
                ? Optional.of(Trouble.STORE_UNAVAILABLE)
                : found.trouble();
    }

    private void run() throws InterruptedException {
        do {
            look();
            lookedAt = System.nanoTime();
        } while (!thread.isStoppedWithin(pause()));
    }

    /** What is away is looked for more often, so that it is seen to be back soon. */
    private Duration pause() {
        return found.trouble().isPresent() ? PAUSE.dividedBy(4) : PAUSE;
    }

    private void look() {
        var latest = found;
        var isFresh = System.nanoTime() - latest.at() < PAUSE.toNanos();
        if (isFresh && latest.trouble().isEmpty()) {
            return; // the writer has just written
        }
        try {
            takeRoom();
            foundNone();
        } catch (DataAccessException | TransactionException e) {
            found(e);
        }
    }

    private void takeRoom() {
        database.transactions()
                .executeWithoutResult(status -> {
                    status.setRollbackOnly();
                    database.jdbc().sql(TAKE_ROOM).update();
                });
        database.jdbc().sql(LEAVE_ROOM).update();
    }

    /** What the database itself said, if it did. */
    private static Optional<String> sqlState(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(it -> ((SQLException) it).getSQLState())
                .filter(Objects::nonNull)
                .findFirst();
    }

    @Override
    public void close() {
        thread.stop();
    }
}
