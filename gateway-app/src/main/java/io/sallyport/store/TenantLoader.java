package io.sallyport.store;

import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.store.Governed.Part;
import io.sallyport.tenant.ListedServer;
import io.sallyport.tenant.TenantView;
import io.sallyport.tenant.ViewPart;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/**
 * Reads a tenant as of one moment: everything, or what changed since a view. Every change says what
 * it changed; where one does not, everything is read again.
 */
final class TenantLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TenantLoader.class);

    /** Beyond so many changed parts a whole read is cheaper than one by one. */
    private static final int PARTS = 200;

    private final Database database;
    private final CatalogRows catalog;
    private final EntryRows entries;
    private final ModelRows models;
    private final TransactionTemplate snapshot;

    TenantLoader(Database database, Sealer sealer) {
        this.database = database;
        catalog = new CatalogRows(database);
        entries = new EntryRows(database);
        models = new ModelRows(database, sealer);
        snapshot = database.newTransactions();
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    List<TenantId> tenants() {
        return database.jdbc()
                .sql("select id from tenant")
                .query((row, _) -> new TenantId(row.getString(1)))
                .list();
    }

    TenantView load(TenantId tenant) {
        return snapshot.execute(_ -> whole(tenant, sequence(tenant)));
    }

    private TenantView whole(TenantId tenant, long sequence) {
        var stops = new ViewPart.OfStops(StopRows.read(database, tenant));
        return new TenantView(tenant, sequence, contents(tenant)).with(sequence, List.of(stops));
    }

    /** The newest view; the very same if nothing changed. It shares what did not change. */
    TenantView loadAfter(TenantView view) {
        return snapshot.execute(_ -> renewed(view));
    }

    private TenantView renewed(TenantView view) {
        var tenant = view.tenant();
        var now = sequence(tenant);
        if (now == view.sequence()) {
            return view;
        }
        var changes = changesSince(view);
        boolean isWhole =
                changes.size() == now - view.sequence()
                        && changes.stream().allMatch(Changed::canBeReadAlone);
        return isWhole
                ? view.with(now, changes.stream().distinct().map(it -> part(tenant, it)).toList())
                : whole(tenant, now);
    }

    /** What one sequence changed, as it was written, perhaps by another version of the gateway. */
    private record Changed(String part, String key) {
        Part known() {
            return Stream.of(Part.values())
                    .filter(it -> it.code().equals(part))
                    .findFirst()
                    .orElse(Part.EVERYTHING);
        }

        boolean canBeReadAlone() {
            return known() != Part.EVERYTHING;
        }
    }

    private List<Changed> changesSince(TenantView view) {
        return database.jdbc()
                .sql(
                        "select part, key from governance_change"
                                + " where tenant = ? and sequence > ? limit ?")
                .params(view.tenant().value(), view.sequence(), PARTS)
                .query((row, _) -> new Changed(row.getString(1), row.getString(2)))
                .list();
    }

    private ViewPart part(TenantId tenant, Changed changed) {
        var key = changed.key();
        return switch (changed.known()) {
            case POLICY -> new ViewPart.OfPolicy(policy(tenant));
            case SERVER -> server(tenant, new ServerSlug(key));
            case TOOLSET -> new ViewPart.OfToolset(key, toolset(tenant, key));
            case MODEL -> new ViewPart.OfModel(key, models.find(tenant, key));
            case KEY -> new ViewPart.OfKey(key, key(tenant, key));
            case STOPS -> new ViewPart.OfStops(StopRows.read(database, tenant));
            case EVERYTHING -> throw new IllegalStateException("everything is no part");
        };
    }

    private ViewPart server(TenantId tenant, ServerSlug slug) {
        var listed =
                catalog.server(tenant, slug)
                        .map(it ->
                                new ListedServer(
                                        it,
                                        new ServerCatalog(
                                                catalog.tools(tenant, slug),
                                                entries.of(tenant, slug))));
        return new ViewPart.OfServer(slug, listed);
    }

    private long sequence(TenantId tenant) {
        return database.jdbc()
                .sql("select sequence from governance where tenant = ?")
                .param(tenant.value())
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    private TenantView.Contents contents(TenantId tenant) {
        return new TenantView.Contents(
                policy(tenant),
                catalog.servers(tenant),
                catalog.tools(tenant),
                toolsets(tenant),
                models.all(tenant),
                keys(tenant),
                entries.all(tenant));
    }

    /**
     * A stored policy was valid when it was published; with one that is not any more nothing can be
     * decided.
     */
    private Policy policy(TenantId tenant) {
        return database.jdbc()
                .sql("select document from policy where tenant = ? order by version desc limit 1")
                .param(tenant.value())
                .query(String.class)
                .optional()
                .map(it -> compile(tenant, it))
                .orElseGet(Policy::denyAll);
    }

    private static Policy compile(TenantId tenant, String document) {
        return switch (Policy.read(document)) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> {
                var first = findings.getFirst();
                LOG.error(
                        "the stored policy of {} cannot be read ({}, line {}): its calls are refused",
                        tenant,
                        first.code(),
                        first.line());
                yield Policy.unreadable();
            }
        };
    }

    private List<Toolset> toolsets(TenantId tenant) {
        return database.jdbc()
                .sql("select name, tools from toolset where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> toolset(row))
                .list();
    }

    private Optional<Toolset> toolset(TenantId tenant, String name) {
        return database.jdbc()
                .sql("select name, tools from toolset where tenant = ? and name = ?")
                .params(tenant.value(), name)
                .query((row, _) -> toolset(row))
                .optional();
    }

    private static Toolset toolset(ResultSet row) throws SQLException {
        return new Toolset(
                row.getString("name"),
                Documents.read(row.getString("tools"), new TypeReference<List<String>>() {}));
    }

    private List<ApiKey> keys(TenantId tenant) {
        return database.jdbc()
                .sql(
                        "select id, tenant, mac, document, blocked, created from api_key"
                                + " where tenant = ?")
                .param(tenant.value())
                .query(KeyRows::read)
                .list();
    }

    private Optional<ApiKey> key(TenantId tenant, String id) {
        return database.jdbc()
                .sql(
                        "select id, tenant, mac, document, blocked, created from api_key"
                                + " where tenant = ? and id = ?")
                .params(tenant.value(), id)
                .query(KeyRows::read)
                .optional();
    }
}
