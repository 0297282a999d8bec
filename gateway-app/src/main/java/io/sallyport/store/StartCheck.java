package io.sallyport.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be so before a gateway writes to logs that were written before. */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    /**
     * Lanes with a hole, or with records that came after they were said to be complete, or of an
     * epoch that is not known.
     */
    private static final String HOLES =
            """
            select m.log from audit_lane m
            left join audit_epoch e on e.writer = m.writer and e.epoch = m.epoch
            where exists (select 1 from audit_intake i where i.log = m.log
                    and i.writer = m.writer and i.epoch = m.epoch and i.wseq > m.wseq)
                and (e.finished is not false or not exists (select 1 from audit_intake i
                    where i.log = m.log and i.writer = m.writer and i.epoch = m.epoch
                        and i.wseq = m.wseq + 1))
            """;

    /** Lanes that the integrator never looks at; one step of the index for each lane. */
    private static final String UNKNOWN_LANES =
            """
            with recursive lane (log, writer, epoch) as (
                (select log, writer, epoch from audit_intake order by log, writer, epoch limit 1)
                union all
                select n.log, n.writer, n.epoch from lane l, lateral (
                    select i.log, i.writer, i.epoch from audit_intake i
                    where (i.log, i.writer, i.epoch) > (l.log, l.writer, l.epoch)
                    order by i.log, i.writer, i.epoch limit 1) n)
            select l.log from lane l where not exists (select 1 from audit_lane m
                where m.log = l.log and m.writer = l.writer and m.epoch = l.epoch)
            """;

    /** Logs with more or fewer records in their lanes than leaves in their tree. */
    private static final String MISCOUNTED =
            """
            select coalesce(m.log, t.log) from audit_tree t full join
                (select log, sum(wseq) as records from audit_lane group by log) m on m.log = t.log
            where coalesce(m.records, 0) <> coalesce(t.size, 0)
            """;

    private final Database database;
    private final Integrator integrator;
    private final CheckpointSigner signer;

    StartCheck(Database database, Integrator integrator, CheckpointSigner signer) {
        this.database = database;
        this.integrator = integrator;
        this.signer = signer;
    }

    /**
     * Proves that every log continues what was signed of it, then gives every record its place.
     *
     * @return why no call may be recorded, if a record can get no place
     * @throws StartFailure if a log is not what it was
     */
    Optional<Trouble> run() {
        logs().forEach(signer::prove);
        try {
            integrator.drain();
        } catch (IntakeLanes.ContradictoryRecord e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
        var outside = new TreeSet<String>();
        List.of(HOLES, UNKNOWN_LANES, MISCOUNTED)
                .forEach(it -> outside.addAll(patiently(database, it)));
        outside.forEach(it -> LOG.error("the audit log {} has records that are in no tree", it));
        return outside.isEmpty() ? Optional.empty() : Optional.of(Trouble.LOG_GAP);
    }

    private Set<String> logs() {
        var logs = new TreeSet<>(texts("select log from audit_tree"));
        logs.addAll(signer.signedLogs());
        return logs;
    }

    /** The first column of a query that looks at every lane that there ever was. */
    static List<String> patiently(Database database, String sql) {
        var progress =
                CompletableFuture.runAsync(
                        () -> LOG.info("still looking at every writer's records in every log"),
                        CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS));
        try (var connection = database.patient();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new StartFailure("the audit log cannot be read" + StartFailure.state(e), e);
        } finally {
            var _ = progress.cancel(false);
        }
    }

    private List<String> texts(String sql) {
        return database.jdbc().sql(sql).query((row, _) -> row.getString(1)).list();
    }
}
