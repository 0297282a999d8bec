package io.sallyport.store;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Keeps what searches look at up with the logs. It follows the integrator and is waited for by
 * searches alone: no call and no tree depends on it.
 */
final class SearchIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

    /** Leaves of one statement: about a tenth of a second. */
    private static final int CHUNK = 2_000;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Database database;
    private final SupervisedThread thread;

    /** Logs whose index was found to be beyond its log. */
    private volatile List<String> ahead = List.of();

    SearchIndex(Database database, Supervision supervision) {
        this.database = database;
        thread = supervision.platform("audit-search-index", this::run);
    }

    void start() {
        thread.start();
    }

    private void run() throws InterruptedException {
        do {
            try {
                Database.read(this::behind).forEach(this::follow);
                report(Database.read(this::ahead));
            } catch (StoreUnavailable | DataAccessException | TransactionException e) {
                LOG.warn("audit search index: {}", e.getClass().getSimpleName());
            }
        } while (!thread.isStoppedWithin(PAUSE));
    }

    private List<String> behind() {
        return database.jdbc()
                .sql(
                        """
                        select t.log from audit_tree t left join audit_search_mark m on m.log = t.log
                        where t.size > coalesce(m.next, 0)
                        """)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Logs whose mark is beyond their end: nothing more of them would ever be taken in. */
    private List<String> ahead() {
        return database.jdbc()
                .sql(
                        """
                        select m.log from audit_search_mark m left join audit_tree t on t.log = m.log
                        where m.next > coalesce(t.size, 0) order by m.log
                        """)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private void report(List<String> logs) {
        if (!logs.equals(ahead)) {
            logs.forEach(it ->
                    LOG.error("the search index of {} is beyond its log; see audit verify", it));
            ahead = logs;
        }
    }

    /** Whether searches miss records, since the index of a log says that it has more than all. */
    boolean isAhead() {
        return !ahead.isEmpty();
    }

    private void follow(String log) {
        while (!thread.isStopped() && step(log) == CHUNK) {
            // there is more
        }
    }

    private int step(String log) {
        return Database.read(() ->
                database.jdbc()
                        .sql("select audit_index(?, ?)")
                        .params(log, CHUNK)
                        .query(Integer.class)
                        .single());
    }

    /**
     * Takes in everything of a log that has an index now.
     *
     * @return false if that takes longer than {@code nanos}: the rest follows without the caller
     */
    boolean catchUp(String log, long nanos) {
        var deadline = System.nanoTime() + nanos;
        while (step(log) == CHUNK) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
        }
        return true;
    }

    /** Stops after the step under way; what is left follows after the next start. */
    @Override
    public void close() {
        thread.finish();
        try {
            var _ = thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
