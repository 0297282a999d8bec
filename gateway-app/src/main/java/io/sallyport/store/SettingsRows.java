package io.sallyport.store;

import io.sallyport.admin.TenantSettings;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.policy.Person;
import io.sallyport.policy.Policy;
import io.sallyport.policy.TenantId;
import io.sallyport.provider.ModelAlias;
import io.sallyport.recording.TrailEntry;
import io.sallyport.store.Governed.Part;
import io.sallyport.store.RecordedChanges.Change.Governing;
import io.sallyport.store.RecordedChanges.Change.Nothing;
import io.sallyport.store.RecordedChanges.Change.Recorded;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tenants, keys, policies, toolsets and model aliases on disk. */
final class SettingsRows implements TenantSettings {
    private final RecordedChanges changes;
    private final AdminRecords records;
    private final ModelRows models;
    private final TenantViews views;
    private final Clock clock;

    SettingsRows(RecordedChanges changes, StoreParts parts) {
        this.changes = changes;
        records = parts.records();
        models = new ModelRows(parts.database(), parts.sealer());
        views = parts.views();
        clock = parts.clock();
    }

    private JdbcClient jdbc() {
        return changes.jdbc();
    }

    @Override
    public boolean create(TenantId tenant, Caller by) {
        var change = Change.of("tenant", "", tenant.value());
        var entry = records.by(by, tenant, Kind.CONFIG_CHANGED, change);
        var created = changes.run(tenant, () -> creation(tenant, entry));
        views.show(tenant, created.sequence());
        return created.value();
    }

    private RecordedChanges.Change<Boolean> creation(TenantId tenant, TrailEntry entry) {
        if (!insert(tenant)) {
            return new Nothing<>(false);
        }
        return new Governing<>(true, List.of(entry), Governed.of(tenant, Part.EVERYTHING, ""));
    }

    private boolean insert(TenantId tenant) {
        var rows =
                jdbc().sql("insert into tenant (id) values (?) on conflict do nothing")
                        .param(tenant.value())
                        .update();
        jdbc().sql("insert into governance (tenant) values (?) on conflict do nothing")
                .param(tenant.value())
                .update();
        return rows == 1;
    }

    @Override
    public List<TenantId> tenants() {
        return Database.read(() ->
                jdbc().sql("select id from tenant where id <> '_system' order by id")
                        .query((row, _) -> new TenantId(row.getString(1)))
                        .list());
    }

    @Override
    public Optional<String> accessPage(TenantId tenant) {
        return Database.read(() ->
                jdbc().sql("select access_page from tenant where id = ? and access_page <> ''")
                        .param(tenant.value())
                        .query(String.class)
                        .optional());
    }

    /** Nothing is decided by it, so no view of the tenant is another one. */
    @Override
    public void nameAccessPage(TenantId tenant, String page, Caller by) {
        var change = Change.of("tenant:access_page", "", "");
        var told = page.isEmpty() ? change.reason("removed") : change;
        var entry = records.by(by, tenant, Kind.CONFIG_CHANGED, told);
        var _ =
                changes.run(
                        tenant,
                        () ->
                                update(tenant, page) == 0
                                        ? new Nothing<>(false)
                                        : new Recorded<>(true, List.of(entry)));
    }

    private int update(TenantId tenant, String page) {
        return jdbc().sql("update tenant set access_page = ? where id = ? and access_page <> ?")
                .params(page, tenant.value(), page)
                .update();
    }

    @Override
    public void addKey(ApiKey key, Caller by) {
        var entry = keyRecord(key, Kind.KEY_CREATED, by);
        var _ = write(governed(key), entry, () -> insert(key, by));
    }

    private void insert(ApiKey key, Caller by) {
        jdbc().sql(
                        """
                        insert into api_key (id, tenant, mac, document, person, issuer)
                        values (?, ?, ?, ?, ?, nullif(?, ''))
                        """)
                .params(
                        key.id(),
                        key.tenant().value(),
                        key.mac(),
                        KeyRows.document(key),
                        Person.of(key.owner()).name(),
                        KeyRows.issuer(by))
                .update();
    }

    private static Governed governed(ApiKey key) {
        return Governed.of(key.tenant(), Part.KEY, key.id());
    }

    private boolean write(Governed governed, TrailEntry entry, Runnable statement) {
        var done =
                changes.run(
                        governed.tenant(),
                        () -> {
                            statement.run();
                            return new Governing<>(true, List.of(entry), governed);
                        });
        views.show(governed.tenant(), done.sequence());
        return done.governed();
    }

    @Override
    public boolean changeKey(ApiKey key, long seen, Caller by) {
        var entry = keyRecord(key, Kind.KEY_CHANGED, by);
        return write(governed(key).unlessChangedSince(seen), entry, () -> update(key));
    }

    @Override
    public void revokeKey(ApiKey key, Caller by) {
        var entry = keyRecord(key, Kind.KEY_REVOKED, by);
        var _ = write(governed(key), entry, () -> update(key.block()));
    }

    /** A key that is blocked stays blocked, whatever was seen of it before. */
    private void update(ApiKey key) {
        jdbc().sql(
                        """
                        update api_key set document = ?, blocked = blocked or ?
                        where tenant = ? and id = ?
                        """)
                .params(KeyRows.document(key), key.blocked(), key.tenant().value(), key.id())
                .update();
    }

    private TrailEntry keyRecord(ApiKey key, Kind kind, Caller by) {
        var change = Change.of(key.id(), "", key.kind().code());
        return records.by(by, key.tenant(), kind, change);
    }

    @Override
    public PublishedPolicy publish(TenantId tenant, Policy policy, String document, Caller by) {
        var published = changes.run(tenant, () -> publication(tenant, policy, document, by));
        views.show(tenant, published.sequence());
        return published.value();
    }

    private RecordedChanges.Change<PublishedPolicy> publication(
            TenantId tenant, Policy policy, String document, Caller by) {
        var before = policy(tenant);
        var next =
                new PublishedPolicy(
                        policy.digest(),
                        before.map(PublishedPolicy::version).orElse(0L) + 1,
                        document,
                        clock.instant());
        insert(tenant, next);
        var from = before.map(PublishedPolicy::digest).orElse("");
        var change = Change.of("policy", from, next.digest());
        return new Governing<>(
                next,
                List.of(records.by(by, tenant, Kind.POLICY_PUBLISHED, change)),
                Governed.of(tenant, Part.POLICY, ""));
    }

    private void insert(TenantId tenant, PublishedPolicy policy) {
        jdbc().sql("insert into policy (tenant, version, digest, document) values (?, ?, ?, ?)")
                .params(tenant.value(), policy.version(), policy.digest(), policy.document())
                .update();
    }

    @Override
    public Optional<PublishedPolicy> policy(TenantId tenant) {
        return Database.read(() ->
                jdbc().sql("select * from policy where tenant = ? order by version desc limit 1")
                        .param(tenant.value())
                        .query(SettingsRows::policy)
                        .optional());
    }

    @Override
    public Optional<PublishedPolicy> policy(TenantId tenant, String digest) {
        return Database.read(() ->
                jdbc().sql(
                                "select * from policy where tenant = ? and digest = ?"
                                        + " order by version desc limit 1")
                        .params(tenant.value(), digest)
                        .query(SettingsRows::policy)
                        .optional());
    }

    private static PublishedPolicy policy(java.sql.ResultSet row, int number)
            throws java.sql.SQLException {
        Instant published = row.getTimestamp("published").toInstant();
        return new PublishedPolicy(
                row.getString("digest"),
                row.getLong("version"),
                row.getString("document"),
                published);
    }

    @Override
    public void putToolset(TenantId tenant, Toolset toolset, Caller by) {
        var tools = Documents.write(toolset.tools());
        change(
                Governed.of(tenant, Part.TOOLSET, toolset.name()),
                by,
                Change.of("toolset:" + toolset.name(), "", ""),
                () ->
                        jdbc().sql(
                                        """
                                        insert into toolset (tenant, name, tools) values (?, ?, ?)
                                        on conflict (tenant, name) do update set tools = excluded.tools
                                        """)
                                .params(tenant.value(), toolset.name(), tools)
                                .update());
    }

    @Override
    public boolean removeToolset(TenantId tenant, String name, Caller by) {
        return change(
                Governed.of(tenant, Part.TOOLSET, name),
                by,
                Change.of("toolset:" + name, "", "").reason("removed"),
                () ->
                        jdbc().sql("delete from toolset where tenant = ? and name = ?")
                                .params(tenant.value(), name)
                                .update());
    }

    @Override
    public void putModel(TenantId tenant, ModelAlias model, Caller by) {
        var change = ModelRows.change(model);
        var governed = Governed.of(tenant, Part.MODEL, model.alias());
        change(governed, by, change, () -> upsert(tenant, model));
    }

    @Override
    public boolean changeModel(
            TenantId tenant, ModelAlias before, ModelAlias after, long seen, Caller by) {
        var change = ModelRows.change(before, after);
        var entry = records.by(by, tenant, Kind.CONFIG_CHANGED, change);
        var governed = Governed.of(tenant, Part.MODEL, after.alias()).unlessChangedSince(seen);
        return write(governed, entry, () -> upsert(tenant, after));
    }

    private int upsert(TenantId tenant, ModelAlias model) {
        return jdbc().sql(
                        """
                        insert into model (tenant, alias, document, secrets) values (?, ?, ?, ?)
                        on conflict (tenant, alias) do update
                            set document = excluded.document, secrets = excluded.secrets
                        """)
                .params(
                        tenant.value(),
                        model.alias(),
                        ModelRows.document(model),
                        models.secrets(tenant, model))
                .update();
    }

    @Override
    public boolean removeModel(TenantId tenant, String alias, Caller by) {
        return change(
                Governed.of(tenant, Part.MODEL, alias),
                by,
                Change.of("model:" + alias, "", "").reason("removed"),
                () ->
                        jdbc().sql("delete from model where tenant = ? and alias = ?")
                                .params(tenant.value(), alias)
                                .update());
    }

    private boolean change(Governed governed, Caller by, Change change, Supplier<Integer> work) {
        var tenant = governed.tenant();
        var entry = records.by(by, tenant, Kind.CONFIG_CHANGED, change);
        var done =
                changes.run(
                        tenant,
                        () ->
                                work.get() == 0
                                        ? new Nothing<>(false)
                                        : new Governing<>(true, List.of(entry), governed));
        views.show(tenant, done.sequence());
        return done.value();
    }
}
