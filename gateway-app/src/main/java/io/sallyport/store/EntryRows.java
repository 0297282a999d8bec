package io.sallyport.store;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryDescriptor;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Resources, templates and prompts as rows. Descriptors are the very text of their trees. */
final class EntryRows {
    private static final String ENTRIES =
            "select server, kind, key, findings, status, "
                    + Documents.bounded("listed")
                    + ", "
                    + Documents.bounded("pinned")
                    + " from entry";

    private final Database database;

    EntryRows(Database database) {
        this.database = database;
    }

    /** A descriptor with its digest, so that nothing is computed anew when it is read. */
    private record EntryDocument(String digest, @Nullable String text) {
        static String of(EntryDescriptor entry) {
            return Documents.write(new EntryDocument(entry.digest(), JsonText.text(entry.tree())));
        }

        EntryDescriptor descriptor(EntryRef ref) {
            var tree = Documents.descriptor(ref.kind().keyMember(), ref.key(), text);
            return new EntryDescriptor(ref.server(), ref.kind(), ref.key(), digest, tree);
        }
    }

    List<CatalogEntry> all(TenantId tenant) {
        return database.jdbc()
                .sql(ENTRIES + " where tenant = ? order by server, kind, key")
                .withFetchSize(CatalogRows.ROWS)
                .param(tenant.value())
                .query((row, _) -> entry(row))
                .list();
    }

    List<CatalogEntry> of(TenantId tenant, ServerSlug server) {
        return database.jdbc()
                .sql(ENTRIES + " where tenant = ? and server = ? order by kind, key")
                .params(tenant.value(), server.value())
                .query((row, _) -> entry(row))
                .list();
    }

    private static CatalogEntry entry(ResultSet row) throws SQLException {
        var ref =
                new EntryRef(
                        new ServerSlug(row.getString("server")),
                        EntryKind.valueOf(row.getString("kind")),
                        row.getString("key"));
        var text = row.getString("listed");
        var listed = descriptor(ref, text);
        return new CatalogEntry(
                ref.kind(),
                listed,
                Documents.read(row.getString("findings"), new TypeReference<List<Finding>>() {}),
                ToolStatus.valueOf(row.getString("status")),
                Optional.ofNullable(row.getString("pinned"))
                        .map(it -> it.equals(text) ? listed : descriptor(ref, it)));
    }

    private static EntryDescriptor descriptor(EntryRef ref, String document) {
        return Documents.read(document, EntryDocument.class).descriptor(ref);
    }

    /** What must be written for the server to have these entries instead of those known. */
    static Differences<EntryRef, EntryRow> difference(
            List<CatalogEntry> known, List<CatalogEntry> now) {
        var found = Differences.between(known, now, CatalogEntry::ref);
        return new Differences<>(found.gone(), found.written().stream().map(EntryRow::of).toList());
    }

    /** An entry as the texts of its columns. */
    record EntryRow(
            String kind,
            String key,
            String listed,
            String findings,
            String status,
            @Nullable String pinned) {
        static EntryRow of(CatalogEntry entry) {
            return new EntryRow(
                    entry.kind().name(),
                    entry.ref().key(),
                    EntryDocument.of(entry.listed()),
                    Documents.write(entry.findings()),
                    entry.status().name(),
                    EntryRows.pinned(entry));
        }
    }

    void write(TenantId tenant, ServerSlug server, Differences<EntryRef, EntryRow> difference) {
        var gone = difference.gone();
        if (!gone.isEmpty()) {
            database.jdbc()
                    .sql(
                            """
                            delete from entry where tenant = ? and server = ?
                                and (kind, key) in (select * from unnest(?, ?))
                            """)
                    .params(
                            tenant.value(),
                            server.value(),
                            CatalogRows.texts(gone, it -> it.kind().name()),
                            CatalogRows.texts(gone, EntryRef::key))
                    .update();
        }
        difference.pieces(CatalogRows.ROWS).forEach(it -> write(tenant, server, it));
    }

    private void write(TenantId tenant, ServerSlug server, List<EntryRow> rows) {
        database.jdbc()
                .sql(
                        """
                        insert into entry (tenant, server, kind, key, listed, findings, status,
                            pinned)
                        select ?, ?, r.* from unnest(?, ?, ?, ?, ?, ?) r
                        on conflict (tenant, server, kind, key) do update set
                            listed = excluded.listed, findings = excluded.findings,
                            status = excluded.status, pinned = excluded.pinned
                        """)
                .params(
                        tenant.value(),
                        server.value(),
                        CatalogRows.texts(rows, EntryRow::kind),
                        CatalogRows.texts(rows, EntryRow::key),
                        CatalogRows.texts(rows, EntryRow::listed),
                        CatalogRows.texts(rows, EntryRow::findings),
                        CatalogRows.texts(rows, EntryRow::status),
                        CatalogRows.texts(rows, EntryRow::pinned))
                .update();
    }

    private static @Nullable String pinned(CatalogEntry entry) {
        return entry.pinned().map(EntryDocument::of).orElse(null);
    }
}
