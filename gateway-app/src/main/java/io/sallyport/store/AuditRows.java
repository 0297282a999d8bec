package io.sallyport.store;

import io.sallyport.admin.AuditQuery;
import io.sallyport.admin.AuditQuery.Field;
import io.sallyport.admin.AuditQuery.Place;
import io.sallyport.admin.AuditReader;
import io.sallyport.admin.UsageQuery;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.RecordId;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail;
import io.sallyport.store.AuditItems.Row;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/** Reads the log of one tenant. */
final class AuditRows implements AuditReader {
    /** Twice what a page over a million records takes at worst, for a busy machine. */
    private static final String SEARCH_TIMEOUT = "set local statement_timeout = '2000ms'";

    /** What PostgreSQL says of a statement that it ended: query_canceled. */
    private static final String CANCELED = "57014";

    /** Some tens of thousands of records; more than that were written before there was an index. */
    private static final long INDEX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Database database;
    private final Integrator integrator;
    private final AuditTrail trail;
    private final AdminRecords records;
    private final CheckpointSigner signer;
    private final SearchIndex index;
    private final AuditItems items;
    private final SearchLane lane = new SearchLane();
    private final TransactionTemplate reading;

    AuditRows(
            StoreParts parts,
            Integrator integrator,
            SearchIndex index,
            AuditTrail trail,
            CheckpointSigner signer) {
        database = parts.database();
        this.integrator = integrator;
        this.index = index;
        this.trail = trail;
        records = parts.records();
        this.signer = signer;
        items = new AuditItems(database);
        reading = database.newTransactions();
        reading.setReadOnly(true);
    }

    private record Entry(long micros, Row row) {}

    @Override
    public Found find(TenantId tenant, AuditQuery query, Caller by) throws InterruptedException {
        return searched(
                List.of(tenant), by, Change.NONE, () -> page(tenant, entries(tenant, query)));
    }

    private Found searched(List<TenantId> tenants, Caller by, Change what, Supplier<Found> question)
            throws InterruptedException {
        return lane.run(
                        tenants.getFirst(),
                        () -> {
                            note(tenants, by, what);
                            return Database.read(() -> indexed(tenants, question));
                        })
                .orElseGet(Found.Busy::new);
    }

    /** What the index answers once it has all that was acknowledged, within its time. */
    private Found indexed(List<TenantId> tenants, Supplier<Found> question) {
        integrator.catchUp();
        var deadline = System.nanoTime() + INDEX_NANOS;
        for (var tenant : tenants) {
            if (!index.catchUp(tenant.value(), deadline - System.nanoTime())) {
                return new Found.StillIndexing();
            }
        }
        try {
            return question.get();
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException cause
                    && CANCELED.equals(cause.getSQLState())) {
                return new Found.TooBroad();
            }
            throw e;
        }
    }

    private Found page(TenantId tenant, List<Entry> entries) {
        var more = entries.size() > AuditSearch.PAGE;
        var page = more ? entries.subList(0, AuditSearch.PAGE) : entries;
        return new Found.Page(
                items.of(tenant, page.stream().map(Entry::row).toList()),
                more
                        ? Optional.of(
                                new Place(page.getLast().micros(), page.getLast().row().index())
                                        .cursor())
                        : Optional.empty());
    }

    private List<Entry> entries(TenantId tenant, AuditQuery query) {
        var search = new AuditSearch(tenant, pseudonymous(tenant, query));
        return rows(
                search.sql(),
                search.values(),
                (row, n) -> new Entry(row.getLong("ts"), Row.read(row, n)));
    }

    /** What the statement finds within its time. */
    private <T> List<T> rows(String sql, List<Object> values, RowMapper<T> mapper) {
        return reading.execute(_ -> {
            database.jdbc().sql(SEARCH_TIMEOUT).update();
            return database.jdbc().sql(sql).params(values).query(mapper).list();
        });
    }

    @Override
    public Found usage(List<TenantId> tenants, UsageQuery query, Caller by)
            throws InterruptedException {
        var what = Change.of("usage", "", query.by().code());
        return searched(tenants, by, what, () -> sums(tenants, query));
    }

    private Found sums(List<TenantId> tenants, UsageQuery query) {
        var sums = new UsageSums(tenants, query);
        return sums.page(rows(sums.sql(), sums.values(), sums::read));
    }

    /** Nobody has an empty pseudonym: who never did anything is found nowhere. */
    private AuditQuery pseudonymous(TenantId tenant, AuditQuery query) {
        if (!query.terms().containsKey(Field.PRINCIPAL)) {
            return query;
        }
        var terms = new EnumMap<>(query.terms());
        terms.compute(Field.PRINCIPAL, (_, subject) -> pseudonym(tenant, String.valueOf(subject)));
        return new AuditQuery(terms, query.from(), query.to(), query.before());
    }

    private String pseudonym(TenantId tenant, String subject) {
        return database.jdbc()
                .sql("select pseudonym from audit_keys.pseudonym where tenant = ? and subject = ?")
                .params(tenant.value(), subject)
                .query(String.class)
                .optional()
                .orElse("");
    }

    /** Who read the log is itself in the log, before anything is shown. */
    void note(TenantId tenant, Caller by, Change what) {
        note(List.of(tenant), by, what);
    }

    private void note(List<TenantId> tenants, Caller by, Change what) {
        var notes =
                tenants.stream()
                        .map(it -> trail.submit(records.by(by, it, Kind.AUDIT_READ, what)))
                        .toList();
        notes.forEach(it -> require(it.join()));
    }

    private static void require(AuditTrail.Appended note) {
        switch (note) {
            case AuditTrail.Appended.Written _ -> {}
            case AuditTrail.Appended.Stale _,
                    AuditTrail.Appended.Duplicate _,
                    AuditTrail.Appended.Unavailable _ ->
                    throw new StoreUnavailable(new IllegalStateException("not recorded"));
        }
    }

    @Override
    public Optional<ObjectNode> record(TenantId tenant, String id, Caller by) {
        note(tenant, by, Change.NONE);
        return RecordId.parse(id).flatMap(it -> Database.read(() -> found(tenant, it)));
    }

    private Optional<ObjectNode> found(TenantId tenant, RecordId id) {
        integrator.catchUp();
        return database.jdbc()
                .sql(
                        """
                        select l.index, i.writer, i.epoch, i.wseq, i.leaf
                        from audit_leaf l join audit_intake i on i.log = l.log
                            and i.writer = l.writer and i.epoch = l.epoch and i.wseq = l.wseq
                        where l.log = ? and l.writer = ? and l.epoch = ? and l.wseq = ?
                        """)
                .params(tenant.value(), id.writer(), id.epoch(), id.sequence())
                .query(Row::read)
                .optional()
                .map(it -> items.of(tenant, List.of(it)).getFirst());
    }

    @Override
    public String checkpoint(TenantId tenant) {
        return Database.read(() -> {
            integrator.catchUp();
            return signer.sign(tenant.value());
        });
    }
}
