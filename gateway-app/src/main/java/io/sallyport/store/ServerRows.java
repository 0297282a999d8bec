package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Drift;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.gate.TrailEntry;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.servers.Credential;
import io.sallyport.servers.ServerStore;
import io.sallyport.store.RecordedChanges.Change.Nothing;
import io.sallyport.store.RecordedChanges.Change.Recorded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The servers of all tenants on disk. */
final class ServerRows implements ServerStore {
    private final RecordedChanges changes;
    private final CatalogRows catalog;
    private final AdminRecords records;
    private final Sealer sealer;
    private final TenantViews views;

    ServerRows(RecordedChanges changes, StoreParts parts) {
        this.changes = changes;
        catalog = new CatalogRows(parts.database());
        records = parts.records();
        sealer = parts.sealer();
        views = parts.views();
    }

    @Override
    public boolean add(
            McpServer server, Optional<Credential> credential, List<CatalogTool> tools, Caller by) {
        var added =
                changes.run(() -> {
                    if (insert(server, credential) == 0) {
                        return new Nothing<>(false);
                    }
                    catalog.replace(server.tenant(), server.slug(), tools);
                    return governed(server, true, registered(server, tools, by));
                });
        views.load(server.tenant());
        return added.value();
    }

    private <T> RecordedChanges.Change<T> governed(
            McpServer server, T value, List<TrailEntry> entries) {
        changes.govern(server.tenant());
        return new Recorded<>(value, entries);
    }

    private int insert(McpServer server, Optional<Credential> credential) {
        return changes.jdbc()
                .sql(
                        """
                        insert into server (tenant, slug, document, status, credential, seen)
                        values (:tenant, :slug, :document, :status, :credential, now())
                        on conflict do nothing
                        """)
                .param("tenant", server.tenant().value())
                .param("slug", server.slug().value())
                .param("document", CatalogRows.document(server))
                .param("status", server.status().name())
                .param("credential", credential.map(it -> sealed(server, it)).orElse(null))
                .update();
    }

    private List<TrailEntry> registered(McpServer server, List<CatalogTool> tools, Caller by) {
        var change =
                Change.of(server.slug().value(), "", server.status().code()).count(tools.size());
        return List.of(records.by(by, server.tenant(), Kind.CATALOG_REGISTERED, change));
    }

    @Override
    public boolean approve(McpServer server, List<CatalogTool> tools, long seen, Caller by) {
        return changed(
                server,
                seen,
                () -> {
                    update(server);
                    catalog.replace(server.tenant(), server.slug(), tools);
                    return approvals(server, tools, by);
                });
    }

    /** Makes a change only if nothing has moved since the view from which it was computed. */
    private boolean changed(McpServer server, long seen, Supplier<List<TrailEntry>> work) {
        var done =
                changes.run(() ->
                        changes.sequence(server.tenant()) == seen
                                ? governed(server, true, work.get())
                                : new Nothing<>(false));
        views.load(server.tenant());
        return done.value();
    }

    private List<TrailEntry> approvals(McpServer server, List<CatalogTool> tools, Caller by) {
        return tools.stream()
                .filter(it -> it.status() == ToolStatus.APPROVED)
                .map(it ->
                        records.by(
                                by,
                                server.tenant(),
                                Kind.CATALOG_APPROVED,
                                Change.of(it.listed().ref().toString(), "", it.listed().digest())
                                        .reason(it.risk().code())))
                .toList();
    }

    @Override
    public boolean change(McpServer server, long seen, Caller by) {
        return changed(
                server,
                seen,
                () -> {
                    update(server);
                    var change = Change.of(server.slug().value(), "", server.status().code());
                    return List.of(records.by(by, server.tenant(), Kind.CONFIG_CHANGED, change));
                });
    }

    private void update(McpServer server) {
        changes.jdbc()
                .sql("update server set document = ?, status = ? where tenant = ? and slug = ?")
                .params(
                        CatalogRows.document(server),
                        server.status().name(),
                        server.tenant().value(),
                        server.slug().value())
                .update();
    }

    @Override
    public boolean refresh(
            McpServer server, List<CatalogTool> tools, List<Drift> drifts, long seen) {
        return changed(
                server,
                seen,
                () -> {
                    catalog.replace(server.tenant(), server.slug(), tools);
                    return refreshed(server, tools, drifts);
                });
    }

    private List<TrailEntry> refreshed(
            McpServer server, List<CatalogTool> tools, List<Drift> drifts) {
        var entries = new ArrayList<TrailEntry>();
        for (var drift : drifts) {
            var change = Change.of(drift.tool().toString(), drift.from(), drift.to());
            entries.add(records.byGateway(server.tenant(), Kind.CATALOG_CHANGED, change));
        }
        var change = Change.of(server.slug().value(), "", "").count(tools.size());
        entries.add(records.byGateway(server.tenant(), Kind.CATALOG_REFRESHED, change));
        return entries;
    }

    @Override
    public boolean remove(TenantId tenant, ServerSlug slug, Caller by) {
        var removed = changes.run(() -> removal(tenant, slug, by));
        views.load(tenant);
        return removed.value();
    }

    private RecordedChanges.Change<Boolean> removal(TenantId tenant, ServerSlug slug, Caller by) {
        var rows =
                changes.jdbc()
                        .sql("delete from server where tenant = ? and slug = ?")
                        .params(tenant.value(), slug.value())
                        .update();
        if (rows == 0) {
            return new Nothing<>(false);
        }
        changes.govern(tenant);
        var change = Change.of(slug.value(), "", "");
        return new Recorded<>(true, List.of(records.by(by, tenant, Kind.CATALOG_REMOVED, change)));
    }

    private record StoredCredential(String type, @Nullable String name, String secret) {}

    private byte[] sealed(McpServer server, Credential credential) {
        var stored =
                switch (credential) {
                    case Credential.Bearer(var secret) ->
                            new StoredCredential("bearer", null, secret);
                    case Credential.NamedHeader(var name, var secret) ->
                            new StoredCredential("header", name, secret);
                };
        return sealer.seal(
                Documents.write(stored).getBytes(StandardCharsets.UTF_8),
                context(server.tenant(), server.slug()));
    }

    @Override
    public Optional<Credential> credential(McpServer server) {
        return changes.jdbc()
                .sql(
                        "select document, credential from server"
                                + " where tenant = ? and slug = ? and credential is not null")
                .params(server.tenant().value(), server.slug().value())
                .query((row, _) -> new SealedCredential(row.getString(1), row.getBytes(2)))
                .optional()
                .filter(it -> CatalogRows.isFor(it.document(), server))
                .map(it -> sealer.open(it.sealed(), context(server.tenant(), server.slug())))
                .map(it -> new String(it, StandardCharsets.UTF_8))
                .map(it -> Documents.read(it, StoredCredential.class))
                .map(ServerRows::credential);
    }

    private record SealedCredential(String document, byte[] sealed) {}

    private static Credential credential(StoredCredential stored) {
        var name = stored.name();
        return name == null
                ? new Credential.Bearer(stored.secret())
                : new Credential.NamedHeader(name, stored.secret());
    }

    private static String context(TenantId tenant, ServerSlug slug) {
        return "server/" + tenant + "/" + slug;
    }
}
