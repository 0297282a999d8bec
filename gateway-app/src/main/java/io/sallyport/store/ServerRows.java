package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The servers of all tenants on disk. */
final class ServerRows implements ServerStore {
    private final RecordedChanges changes;
    private final CatalogRows catalog;
    private final EntryRows entries;
    private final AdminRecords records;
    private final Sealer sealer;
    private final TenantViews views;

    ServerRows(RecordedChanges changes, StoreParts parts) {
        this.changes = changes;
        catalog = new CatalogRows(parts.database());
        entries = new EntryRows(parts.database());
        records = parts.records();
        sealer = parts.sealer();
        views = parts.views();
    }

    @Override
    public boolean add(
            McpServer server, Optional<Credential> credential, ServerCatalog offered, Caller by) {
        var added =
                changes.run(() -> {
                    if (insert(server, credential) == 0) {
                        return new Nothing<>(false);
                    }
                    replace(server, offered);
                    return governed(server, true, registered(server, offered, by));
                });
        views.load(server.tenant());
        return added.value();
    }

    private void replace(McpServer server, ServerCatalog offered) {
        catalog.replace(server.tenant(), server.slug(), offered.tools());
        entries.replace(server.tenant(), server.slug(), offered.entries());
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
                        insert into server (tenant, slug, document, status, credential, profile, seen)
                        values (:tenant, :slug, :document, :status, :credential, :profile, now())
                        on conflict do nothing
                        """)
                .param("tenant", server.tenant().value())
                .param("slug", server.slug().value())
                .param("document", CatalogRows.document(server))
                .param("status", server.status().name())
                .param("profile", CatalogRows.profile(server))
                .param("credential", credential.map(it -> sealed(server, it)).orElse(null))
                .update();
    }

    private List<TrailEntry> registered(McpServer server, ServerCatalog offered, Caller by) {
        var change =
                Change.of(server.slug().value(), "", server.status().code()).count(size(offered));
        return List.of(records.by(by, server.tenant(), Kind.CATALOG_REGISTERED, change));
    }

    private static int size(ServerCatalog offered) {
        return offered.tools().size() + offered.entries().size();
    }

    @Override
    public boolean approve(McpServer server, ServerCatalog offered, long seen, Caller by) {
        return changed(
                server,
                seen,
                () -> {
                    update(server);
                    replace(server, offered);
                    return approvals(server, offered, by);
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

    private List<TrailEntry> approvals(McpServer server, ServerCatalog offered, Caller by) {
        var tools =
                offered.tools().stream()
                        .filter(it -> it.status() == ToolStatus.APPROVED)
                        .map(it -> pin(it.listed()).reason(it.risk().code()));
        var others =
                offered.entries().stream()
                        .filter(it -> it.status() == ToolStatus.APPROVED)
                        .map(it -> pin(it.listed()));
        var instructions =
                server.reviewed().stream()
                        .map(it -> CanonicalJson.sha256(it.getBytes(StandardCharsets.UTF_8)))
                        .map(it -> Change.of(server.slug() + "/instructions", "", it));
        return Stream.of(tools, others, instructions)
                .flatMap(it -> it)
                .map(it -> records.by(by, server.tenant(), Kind.CATALOG_APPROVED, it))
                .toList();
    }

    private static Change pin(Descriptor descriptor) {
        return Change.of(descriptor.ref().toString(), "", descriptor.digest());
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
                .sql(
                        """
                        update server set document = :document, status = :status,
                            profile = :profile
                        where tenant = :tenant and slug = :slug
                        """)
                .param("document", CatalogRows.document(server))
                .param("status", server.status().name())
                .param("profile", CatalogRows.profile(server))
                .param("tenant", server.tenant().value())
                .param("slug", server.slug().value())
                .update();
    }

    @Override
    public boolean refresh(McpServer server, Refreshed refreshed, long seen) {
        return changed(
                server,
                seen,
                () -> {
                    update(server);
                    replace(server, refreshed.catalog());
                    return refreshes(server, refreshed);
                });
    }

    private List<TrailEntry> refreshes(McpServer server, Refreshed refreshed) {
        var facts = new ArrayList<TrailEntry>();
        for (var drift : refreshed.drifts()) {
            var change = Change.of(drift.subject(), drift.from(), drift.to());
            facts.add(records.byGateway(server.tenant(), Kind.CATALOG_CHANGED, change));
        }
        var change = Change.of(server.slug().value(), "", "").count(size(refreshed.catalog()));
        facts.add(records.byGateway(server.tenant(), Kind.CATALOG_REFRESHED, change));
        return facts;
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
        return Database.read(() -> stored(server))
                .filter(it -> CatalogRows.isFor(it.document(), server))
                .map(it -> sealer.open(it.sealed(), context(server.tenant(), server.slug())))
                .map(it -> new String(it, StandardCharsets.UTF_8))
                .map(it -> Documents.read(it, StoredCredential.class))
                .map(ServerRows::credential);
    }

    private Optional<SealedCredential> stored(McpServer server) {
        return changes.jdbc()
                .sql(
                        "select document, credential from server"
                                + " where tenant = ? and slug = ? and credential is not null")
                .params(server.tenant().value(), server.slug().value())
                .query((row, _) -> new SealedCredential(row.getString(1), row.getBytes(2)))
                .optional();
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
