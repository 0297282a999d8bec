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
    private final Database database;

    EntryRows(Database database) {
        this.database = database;
    }

    /** A descriptor with its digest, so that nothing is computed anew when it is read. */
    private record EntryDocument(String digest, String text) {
        static String of(EntryDescriptor entry) {
            return Documents.write(new EntryDocument(entry.digest(), JsonText.text(entry.tree())));
        }

        EntryDescriptor descriptor(EntryRef ref) {
            return new EntryDescriptor(
                    ref.server(), ref.kind(), ref.key(), digest, Documents.tree(text));
        }
    }

    List<CatalogEntry> all(TenantId tenant) {
        return database.jdbc()
                .sql("select * from entry where tenant = ? order by server, kind, key")
                .param(tenant.value())
                .query((row, _) -> entry(row))
                .list();
    }

    private static CatalogEntry entry(ResultSet row) throws SQLException {
        var ref =
                new EntryRef(
                        new ServerSlug(row.getString("server")),
                        EntryKind.valueOf(row.getString("kind")),
                        row.getString("key"));
        return new CatalogEntry(
                ref.kind(),
                descriptor(ref, row.getString("listed")),
                Documents.read(row.getString("findings"), new TypeReference<List<Finding>>() {}),
                ToolStatus.valueOf(row.getString("status")),
                Optional.ofNullable(row.getString("pinned")).map(it -> descriptor(ref, it)));
    }

    private static EntryDescriptor descriptor(EntryRef ref, String document) {
        return Documents.read(document, EntryDocument.class).descriptor(ref);
    }

    /** Puts exactly these entries in place of what the server had. */
    void replace(TenantId tenant, ServerSlug server, List<CatalogEntry> entries) {
        database.jdbc()
                .sql("delete from entry where tenant = ? and server = ?")
                .params(tenant.value(), server.value())
                .update();
        entries.forEach(it -> insert(tenant, it));
    }

    private void insert(TenantId tenant, CatalogEntry entry) {
        database.jdbc()
                .sql(
                        """
                        insert into entry (tenant, server, kind, key, listed, findings, status,
                            pinned)
                        values (:tenant, :server, :kind, :key, :listed, :findings, :status,
                            :pinned)
                        """)
                .param("tenant", tenant.value())
                .param("server", entry.ref().server().value())
                .param("kind", entry.kind().name())
                .param("key", entry.ref().key())
                .param("listed", EntryDocument.of(entry.listed()))
                .param("findings", Documents.write(entry.findings()))
                .param("status", entry.status().name())
                .param("pinned", pinned(entry))
                .update();
    }

    private static @Nullable String pinned(CatalogEntry entry) {
        return entry.pinned().map(EntryDocument::of).orElse(null);
    }
}
