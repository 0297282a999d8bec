package io.sallyport.store;

import io.sallyport.catalog.Toolset;
import io.sallyport.gate.TenantView;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.TenantId;
import java.util.List;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/** Reads everything of one tenant as of one moment. */
final class TenantLoader {
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
        return snapshot.execute(_ -> new TenantView(tenant, sequence(tenant), contents(tenant)));
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
     * A stored policy was valid when it was published; one that is not any more denies everything.
     */
    private Policy policy(TenantId tenant) {
        return database.jdbc()
                .sql("select document from policy where tenant = ? order by version desc limit 1")
                .param(tenant.value())
                .query(String.class)
                .optional()
                .map(TenantLoader::compile)
                .orElseGet(Policy::denyAll);
    }

    private static Policy compile(String document) {
        return switch (Policy.read(document)) {
            case PolicyReading.Valid(var policy, _) -> policy;
            case PolicyReading.Invalid _ -> Policy.denyAll();
        };
    }

    private List<Toolset> toolsets(TenantId tenant) {
        return database.jdbc()
                .sql("select name, tools from toolset where tenant = ?")
                .param(tenant.value())
                .query((row, _) ->
                        new Toolset(
                                row.getString("name"),
                                Documents.read(
                                        row.getString("tools"),
                                        new TypeReference<List<String>>() {})))
                .list();
    }

    private List<ApiKey> keys(TenantId tenant) {
        return database.jdbc()
                .sql("select id, tenant, mac, document, blocked from api_key where tenant = ?")
                .param(tenant.value())
                .query(KeyRows::read)
                .list();
    }

    List<String> keyIds(TenantId tenant) {
        return database.jdbc()
                .sql("select id from api_key where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> row.getString(1))
                .list();
    }
}
