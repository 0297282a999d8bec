package io.sallyport.store;

import io.sallyport.bridge.SupervisedThread;
import io.sallyport.bridge.Supervision;
import io.sallyport.gate.Governance;
import io.sallyport.gate.TenantView;
import io.sallyport.gate.ViewChanges;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.KeyDirectory;
import io.sallyport.policy.TenantId;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/**
 * The current view of every tenant, in memory. Told of changes by PostgreSQL's NOTIFY; a
 * notification that is late or lost costs one more look, because an intent is never written under
 * an old view.
 */
final class TenantViews implements Governance, KeyDirectory, ViewChanges, AutoCloseable {
    private static final int WAIT_MILLIS = 500;

    private final Database database;
    private final TenantLoader loader;
    private final PayloadVault vault;
    private final Map<TenantId, TenantView> views = new ConcurrentHashMap<>();
    private final Map<String, TenantId> keys = new ConcurrentHashMap<>();
    private final ViewListeners listeners = new ViewListeners();
    private final SupervisedThread listener;
    private volatile boolean stopping;

    TenantViews(
            Database database, TenantLoader loader, PayloadVault vault, Supervision supervision) {
        this.database = database;
        this.loader = loader;
        this.vault = vault;
        listener = supervision.platform("governance-listener", this::listen);
    }

    void start() {
        loadAll();
        listener.start();
    }

    private void loadAll() {
        Database.read(loader::tenants).forEach(this::load);
    }

    @Override
    public TenantView view(TenantId tenant) {
        var view = views.get(tenant);
        return view == null ? load(tenant) : view;
    }

    @Override
    public TenantView refreshed(TenantView stale) {
        var current = view(stale.tenant());
        return current.sequence() > stale.sequence() ? current : load(stale.tenant());
    }

    /** Reads a tenant and keeps the newest of what was read. */
    TenantView load(TenantId tenant) {
        var before = views.get(tenant);
        var kept = Database.read(() -> loaded(tenant));
        if (before == null || kept.sequence() > before.sequence()) {
            listeners.tell(tenant);
        }
        return kept;
    }

    private TenantView loaded(TenantId tenant) {
        var read = loader.load(tenant);
        vault.remember(tenant, read.keys().stream().map(ApiKey::owner).toList());
        var kept = views.merge(tenant, read, (a, b) -> b.sequence() >= a.sequence() ? b : a);
        loader.keyIds(tenant).forEach(it -> keys.put(it, tenant));
        return kept;
    }

    @Override
    public Optional<ApiKey> byId(String id) {
        return Optional.ofNullable(keys.get(id)).flatMap(it -> view(it).key(id));
    }

    @Override
    public Registration onChange(TenantId tenant, Runnable listener) {
        return listeners.onChange(tenant, listener);
    }

    private void listen() {
        while (!stopping) {
            try (var connection = database.dedicated();
                    var statement = connection.createStatement()) {
                statement.execute("listen governance");
                loadAll(); // whatever was missed while not listening
                while (!stopping) {
                    drain(connection.unwrap(PGConnection.class));
                }
            } catch (SQLException | StoreUnavailable e) {
                pause();
            }
        }
    }

    private void drain(PGConnection connection) throws SQLException {
        var notices = connection.getNotifications(WAIT_MILLIS);
        if (notices == null) {
            return;
        }
        for (var notice : notices) {
            load(new TenantId(notice.getParameter()));
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
    }

    @Override
    public void close() {
        stopping = true;
        listener.stop();
    }
}
