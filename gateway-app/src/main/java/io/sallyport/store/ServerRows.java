package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.Drift;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.identity.Caller;
import io.sallyport.json.Sha256;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.TrailEntry;
import io.sallyport.servers.Credential;
import io.sallyport.servers.ServerChange;
import io.sallyport.servers.ServerChange.Secret;
import io.sallyport.servers.ServerStore;
import io.sallyport.store.RecordedChanges.Change.Governing;
import io.sallyport.store.RecordedChanges.Change.Nothing;
import io.sallyport.store.RecordedChanges.Done;
import io.sallyport.tenant.Stoppable;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The servers of all tenants on disk. */
final class ServerRows implements ServerStore {
    /** Drifts of one listing that get a record each; a reader of the log reads no more anyway. */
    private static final int DRIFTS = 50;

    private final RecordedChanges changes;
    private final CatalogRows catalog;
    private final EntryRows entries;
    private final AdminRecords records;
    private final Sealer sealer;
    private final TenantViews views;
    private final ApprovalRows approvals;

    ServerRows(RecordedChanges changes, ApprovalRows approvals, StoreParts parts) {
        this.changes = changes;
        this.approvals = approvals;
        catalog = new CatalogRows(parts.database());
        entries = new EntryRows(parts.database());
        records = parts.records();
        sealer = parts.sealer();
        views = parts.views();
    }

    /**
     * Approvals that an older version left open when a server of this name was removed end here.
     */
    @Override
    public boolean add(
            McpServer server, Optional<Credential> credential, ServerCatalog offered, Caller by) {
        var rows = difference(server, ServerCatalog.EMPTY, offered);
        var facts = registered(server, offered, by);
        var sealed = credential.map(it -> sealed(server, it));
        var governed = Governed.server(server.tenant(), server.slug());
        var added =
                changes.run(
                        server.tenant(),
                        () -> {
                            if (insert(server, sealed) == 0) {
                                return new Nothing<>(false);
                            }
                            rows.run();
                            var all = withLeft(server.tenant(), server.slug(), by, facts);
                            return new Governing<>(true, all, governed);
                        });
        return shown(server.tenant(), added);
    }

    /** Works out what the rows must become, and answers what writes them. */
    private Runnable difference(McpServer server, ServerCatalog known, ServerCatalog now) {
        var tools = CatalogRows.difference(known.tools(), now.tools());
        var others = EntryRows.difference(known.entries(), now.entries());
        return () -> {
            catalog.write(server.tenant(), server.slug(), tools);
            entries.write(server.tenant(), server.slug(), others);
        };
    }

    /** Whether the change was made; the view here shows what there is now. */
    private boolean shown(TenantId tenant, Done<Boolean> done) {
        views.show(tenant, done.sequence());
        return done.governed();
    }

    private int insert(McpServer server, Optional<byte[]> sealed) {
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
                .param("credential", sealed.orElse(null))
                .update();
    }

    private List<TrailEntry> registered(McpServer server, ServerCatalog offered, Caller by) {
        var change =
                Change.of(server.slug().value(), "", server.status().code())
                        .count(size(offered))
                        .reason(String.join(" ", server.egress().words()));
        return List.of(records.by(by, server.tenant(), Kind.CATALOG_REGISTERED, change));
    }

    private static int size(ServerCatalog offered) {
        return offered.tools().size() + offered.entries().size();
    }

    @Override
    public boolean approve(McpServer server, ServerCatalog offered, long seen, Caller by) {
        var facts = approvals(server, offered, by);
        return changed(server, seen, difference(server, offered), () -> facts);
    }

    /**
     * What turns the catalogue of the view into this one. If the server has changed since that
     * view, on disk or here, the change itself is not made.
     */
    private Runnable difference(McpServer server, ServerCatalog now) {
        var known = views.view(server.tenant()).catalog(server.slug());
        return difference(server, known, now);
    }

    /**
     * Makes a change only if nothing of the server has moved since the view from which it was
     * computed. All of it is computed before; the server's row is written first, so that two
     * changes of one server follow one another.
     */
    private boolean changed(
            McpServer server, long seen, Runnable rows, Supplier<List<TrailEntry>> facts) {
        var governed = Governed.server(server.tenant(), server.slug()).unlessChangedSince(seen);
        var done =
                changes.run(
                        server.tenant(),
                        () -> {
                            update(server);
                            rows.run();
                            return new Governing<>(true, facts.get(), governed);
                        });
        return shown(server.tenant(), done);
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
                        .map(it -> Sha256.of(it))
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
    public boolean change(ServerChange change, McpServer after, Refreshed lists, Caller by) {
        var rows = difference(after, lists.catalog());
        var secret = secret(change, after);
        Runnable both =
                () -> {
                    rows.run();
                    secret.run();
                };
        var facts = changes(change, after, lists, by);
        return change.before().identity().equals(after.identity())
                ? changed(after, change.seen(), both, () -> facts)
                : changed(
                        after,
                        change.seen(),
                        both,
                        () -> withLeft(after.tenant(), after.slug(), by, facts));
    }

    /** Writes what becomes of the secret, which is sealed before. */
    private Runnable secret(ServerChange change, McpServer after) {
        return switch (change.secret()) {
            case Secret.Kept() -> () -> {};
            case Secret.Dropped() -> () -> updateSecret(after, null);
            case Secret.Replaced(var credential) -> {
                var sealed = sealed(after, credential);
                yield () -> updateSecret(after, sealed);
            }
        };
    }

    private void updateSecret(McpServer server, byte @Nullable [] sealed) {
        changes.jdbc()
                .sql(
                        "update server set credential = :sealed"
                                + " where tenant = :tenant and slug = :slug")
                .param("sealed", sealed, Types.BINARY)
                .param("tenant", server.tenant().value())
                .param("slug", server.slug().value())
                .update();
    }

    private List<TrailEntry> changes(
            ServerChange change, McpServer after, Refreshed lists, Caller by) {
        var slug = after.slug().value();
        var told =
                Change.of(slug, "", after.status().code()).reason(String.join(" ", change.words()));
        var from = ServerChange.place(change.before().transport());
        var moved =
                Stream.of(Change.of(slug + "/origin", from, ServerChange.place(after.transport())))
                        .filter(_ -> change.movesOrigin());
        var facts = new ArrayList<TrailEntry>();
        Stream.concat(Stream.of(told), moved)
                .map(it -> records.by(by, after.tenant(), Kind.CONFIG_CHANGED, it))
                .forEach(facts::add);
        kept(change.catalog(), lists.catalog())
                .map(it -> pin(it).reason("kept " + ServerChange.place(after.transport())))
                .map(it -> records.by(by, after.tenant(), Kind.CATALOG_APPROVED, it))
                .forEach(facts::add);
        changesOf(after, lists.drifts())
                .map(it -> records.byGateway(after.tenant(), Kind.CATALOG_CHANGED, it))
                .forEach(facts::add);
        return facts;
    }

    /** Approvals that hold on under a new digest. */
    private static Stream<Descriptor> kept(ServerCatalog before, ServerCatalog now) {
        var pins = pins(before).collect(Collectors.toSet());
        return pins(now).filter(it -> !pins.contains(it));
    }

    private static Stream<Descriptor> pins(ServerCatalog catalog) {
        return Stream.<CatalogItem<?, ?>>concat(
                        catalog.tools().stream(), catalog.entries().stream())
                .flatMap(it -> it.pinned().stream());
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
        var facts = refreshes(server, refreshed);
        return changed(server, seen, difference(server, refreshed.catalog()), () -> facts);
    }

    private List<TrailEntry> refreshes(McpServer server, Refreshed refreshed) {
        var facts = new ArrayList<TrailEntry>();
        changesOf(server, refreshed.drifts())
                .map(it -> records.byGateway(server.tenant(), Kind.CATALOG_CHANGED, it))
                .forEach(facts::add);
        var change = Change.of(server.slug().value(), "", "").count(size(refreshed.catalog()));
        facts.add(records.byGateway(server.tenant(), Kind.CATALOG_REFRESHED, change));
        return facts;
    }

    /** One for each drift; of very many only how many there are, and a digest of the list. */
    private static Stream<Change> changesOf(McpServer server, List<Drift> drifts) {
        return drifts.size() <= DRIFTS
                ? drifts.stream().map(it -> Change.of(it.subject(), it.from(), it.to()))
                : Stream.of(
                        Change.of(server.slug().value(), "", digest(drifts))
                                .count(drifts.size())
                                .reason("many"));
    }

    private static String digest(List<Drift> drifts) {
        var lines =
                drifts.stream()
                        .map(it -> it.subject() + " " + it.from() + " " + it.to() + "\n")
                        .sorted()
                        .collect(Collectors.joining());
        return Sha256.of(lines);
    }

    @Override
    public boolean remove(TenantId tenant, ServerSlug slug, Caller by) {
        var fact = records.by(by, tenant, Kind.CATALOG_REMOVED, Change.of(slug.value(), "", ""));
        approvals.withdraw(tenant, new Stoppable.Server(slug), by);
        return shown(tenant, changes.run(tenant, () -> removal(tenant, slug, fact, by)));
    }

    /**
     * With the approvals that were opened meanwhile. What another gateway opens at this very moment
     * ends when the name is given again.
     */
    private RecordedChanges.Change<Boolean> removal(
            TenantId tenant, ServerSlug slug, TrailEntry fact, Caller by) {
        var rows =
                changes.jdbc()
                        .sql("delete from server where tenant = ? and slug = ?")
                        .params(tenant.value(), slug.value())
                        .update();
        return rows == 0
                ? new Nothing<>(false)
                : new Governing<>(
                        true,
                        withLeft(tenant, slug, by, List.of(fact)),
                        Governed.server(tenant, slug));
    }

    /** The records of a change with those of the approvals that end in it: all that are open. */
    private List<TrailEntry> withLeft(
            TenantId tenant, ServerSlug slug, Caller by, List<TrailEntry> facts) {
        var entries = new ArrayList<>(facts);
        var server = new Stoppable.Server(slug);
        entries.addAll(approvals.withdrawn(tenant, server, by, Integer.MAX_VALUE));
        return entries;
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

    /** What a credential is sealed in. */
    static String context(TenantId tenant, ServerSlug slug) {
        return "server/" + tenant + "/" + slug;
    }
}
