package io.sallyport.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Renews the leases of this process every second, and closes what expired ones left open. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Database database;
    private final OpenIntents intents;
    private final RecordedChanges changes;
    private final List<WriterLease> leases;
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().daemon().name("housekeeping-", 0).factory());

    Housekeeping(
            Database database,
            OpenIntents intents,
            RecordedChanges changes,
            List<WriterLease> leases) {
        this.database = database;
        this.intents = intents;
        this.changes = changes;
        this.leases = List.copyOf(leases);
    }

    void start(WriterTimes times) {
        var renewal = repeat(this::renew, times.renewal(), times.renewal());
        var recovery = repeat(this::recover, Duration.ZERO, times.recovery());
        LOG.debug("housekeeping {} {}", renewal.isDone(), recovery.isDone());
    }

    private ScheduledFuture<?> repeat(Runnable work, Duration first, Duration pause) {
        return timer.scheduleWithFixedDelay(
                () -> guarded(work), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void renew() {
        for (var lease : leases) {
            if (!lease.renew()) {
                LOG.warn("the lease of writer {} was taken over", lease.writer());
            }
        }
    }

    private void recover() {
        guarded(changes::recover);
        intents.recover();
        database.jdbc()
                .sql(
                        """
                        update audit_epoch e set finished = true
                        where e.recovered and not e.finished and not exists (
                            select 1 from audit_lane m where m.writer = e.writer
                                and m.epoch = e.epoch and exists (
                                    select 1 from audit_intake i where i.log = m.log
                                        and i.writer = m.writer and i.epoch = m.epoch
                                        and i.wseq = m.wseq + 1))
                        """)
                .update();
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException | StoreUnavailable e) {
            LOG.warn("housekeeping: {}", e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            LOG.error("housekeeping stops short: {}", e.getClass().getSimpleName());
        }
    }

    /** Gives the leases up, so that the next start need not wait for them to expire. */
    @Override
    public void close() {
        timer.shutdownNow();
        for (var lease : leases) {
            guarded(lease::release);
        }
    }
}
