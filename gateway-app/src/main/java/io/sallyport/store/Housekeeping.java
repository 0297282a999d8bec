package io.sallyport.store;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Renews the leases of this process, closes what expired ones left open, and forgets old claims.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Database database;
    private final OpenIntents intents;
    private final RecordedChanges changes;
    private final List<WriterLease> leases;
    private final List<SupervisedThread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

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

    /** Two threads, so that a long recovery never keeps the leases from being renewed. */
    void start(WriterTimes times, Supervision supervision) {
        threads.add(
                supervision.platform("lease-renewal", () -> repeat(this::renew, times.renewal())));
        threads.add(
                supervision.platform(
                        "intent-recovery", () -> repeat(this::recover, times.recovery())));
        threads.forEach(SupervisedThread::start);
    }

    private void repeat(Runnable work, Duration pause) throws InterruptedException {
        do {
            guarded(work);
        } while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS));
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
        guarded(() -> ClaimRows.forget(database));
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
                                        and i.wseq > m.wseq))
                        """)
                .update();
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException | StoreUnavailable e) {
            LOG.warn("housekeeping: {}", e.getClass().getSimpleName());
        }
    }

    /** Gives the leases up, so that the next start need not wait for them to expire. */
    @Override
    public void close() {
        threads.forEach(SupervisedThread::stop);
        stopped.countDown();
        for (var lease : leases) {
            guarded(lease::release);
        }
    }
}
