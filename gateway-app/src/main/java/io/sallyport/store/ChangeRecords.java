package io.sallyport.store;

import io.sallyport.audit.LeafBody;
import io.sallyport.audit.RecordId;
import io.sallyport.recording.TrailEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records of a change as rows, written in its transaction; one statement for many of them. */
final class ChangeRecords {
    /**
     * Rows of one statement: some megabytes at most, written well within the time for an answer.
     */
    private static final int ROWS = 1_000;

    private final Database database;

    ChangeRecords(Database database) {
        this.database = database;
    }

    private record Row(TrailEntry entry, WriterChain.Link link) {
        String log() {
            return entry.record().log();
        }
    }

    /** Writes the entries in their order; all are of one log. */
    List<RecordId> insert(List<TrailEntry> entries, WriterChain.Draft draft) {
        var rows = new ArrayList<Row>(entries.size());
        entries.forEach(it -> rows.add(new Row(it, draft.add(LeafBody.of(it.record())))));
        for (int from = 0; from < rows.size(); from += ROWS) {
            insert(rows.subList(from, Math.min(rows.size(), from + ROWS)));
        }
        rows.stream().filter(it -> it.link().id().sequence() == 1).forEach(this::insertLane);
        return rows.stream().map(it -> it.link().id()).toList();
    }

    private void insert(List<Row> rows) {
        var writer = rows.getFirst().link().id();
        database.jdbc()
                .sql(
                        """
                        insert into audit_intake
                            (writer, epoch, wseq, log, kind, ts, leaf, hash, intent_key, outcome_of)
                        select ?, ?, r.wseq, r.log, r.kind, r.ts, r.leaf, r.hash, r.ik, r.oo
                        from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                            r (wseq, log, kind, ts, leaf, hash, ik, oo)
                        """)
                .params(
                        writer.writer(),
                        writer.epoch(),
                        rows.stream().mapToLong(it -> it.link().id().sequence()).toArray(),
                        texts(rows, Row::log),
                        texts(rows, it -> it.entry().record().kind().code()),
                        rows.stream().mapToLong(it -> it.entry().record().micros()).toArray(),
                        rows.stream().map(it -> it.link().leaf()).toArray(byte[][]::new),
                        rows.stream().map(it -> it.link().hash()).toArray(byte[][]::new),
                        texts(rows, it -> EntryColumns.intentKey(it.entry())),
                        texts(rows, it -> EntryColumns.outcomeOf(it.entry())))
                .update();
        rows.forEach(this::insertPayload);
    }

    @SuppressWarnings("NullAway") // SQL arrays may hold nulls
    private static String[] texts(List<Row> rows, Function<Row, @Nullable String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    /** Intents have one, and a change writes at most one intent. */
    private void insertPayload(Row row) {
        var sealed = EntryColumns.payload(row.entry());
        if (sealed == null) {
            return;
        }
        database.jdbc()
                .sql(
                        "insert into audit_payload (log, writer, epoch, wseq, sealed)"
                                + " values (?, ?, ?, ?, ?)")
                .params(
                        row.log(),
                        row.link().id().writer(),
                        row.link().id().epoch(),
                        row.link().id().sequence(),
                        sealed)
                .update();
    }

    private void insertLane(Row row) {
        database.jdbc()
                .sql("insert into audit_lane (log, writer, epoch, wseq) values (?, ?, ?, 0)")
                .params(row.log(), row.link().id().writer(), row.link().id().epoch())
                .update();
    }
}
