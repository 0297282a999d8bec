package io.sallyport.store;

import io.sallyport.identity.ApiKey;
import io.sallyport.identity.KeyDirectory;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import io.sallyport.tenant.ViewChanges;
import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The current view of every tenant, in memory. Told of changes by PostgreSQL's NOTIFY; a
 * notification that is late or lost costs one more look, because an intent is never written under
 * an old view. Of a change only the part that it names is read again.
 */
final class TenantViews implements Governance, KeyDirectory, ViewChanges, AutoCloseable {
    private static final int WAIT_MILLIS = 500;

    private final Database database;
    private final TenantLoader loader;
    private final PayloadVault vault;
    private final Map<TenantId, TenantView> views = new ConcurrentHashMap<>();
    private final Map<String, TenantId> keys = new ConcurrentHashMap<>();
    private final Map<TenantId, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final ViewListeners listeners = new ViewListeners();
    private final SupervisedThread listener;

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

    /** Of how many tenants the stored policy cannot be read; from memory. */
    long unreadablePolicies() {
        return views.values().stream().filter(it -> !it.policy().isReadable()).count();
    }

    @Override
    public TenantView view(TenantId tenant) {
        var view = views.get(tenant);
        return view == null ? load(tenant) : view;
    }

    @Override
    public TenantView refreshed(TenantView stale) {
        return show(stale.tenant(), stale.sequence() + 1);
    }

    /**
     * The view of the tenant in which at least that sequence can be seen, read now if it is not in
     * memory; for a negative one the newest there is.
     */
    TenantView show(TenantId tenant, long sequence) {
        var known = views.get(tenant);
        return known != null && sequence >= 0 && known.sequence() >= sequence
                ? known
                : load(tenant);
    }

    /** Reads what changed of a tenant; one reader at a time, so that nothing is read twice. */
    private TenantView load(TenantId tenant) {
        var before = Optional.ofNullable(views.get(tenant));
        var kept = Database.read(() -> loaded(tenant));
        if (before.map(it -> kept.sequence() > it.sequence()).orElse(true)) {
            listeners.tell(tenant);
        }
        return kept;
    }

    private TenantView loaded(TenantId tenant) {
        var turn = turns.computeIfAbsent(tenant, _ -> new ReentrantLock());
        turn.lock();
        try {
            var before = Optional.ofNullable(views.get(tenant));
            var read = before.map(loader::loadAfter).orElseGet(() -> loader.load(tenant));
            introduce(before, read);
            views.put(tenant, read);
            return read;
        } finally {
            turn.unlock();
        }
    }

    /** Keys can be found, and their owners named in records, before anybody sees the view. */
    private void introduce(Optional<TenantView> before, TenantView now) {
        var unknown =
                now.keys().stream()
                        .filter(it -> before.flatMap(view -> view.key(it.id())).isEmpty())
                        .toList();
        vault.remember(now.tenant(), unknown.stream().map(ApiKey::owner).toList());
        unknown.forEach(it -> keys.put(it.id(), now.tenant()));
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
        while (!listener.isStopped()) {
            try (var connection = database.dedicated();
                    var statement = connection.createStatement()) {
                statement.execute("listen governance");
                loadAll(); // whatever was missed while not listening
                while (!listener.isStopped()) {
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
        Stream.of(notices)
                .map(PGNotification::getParameter)
                .distinct()
                .map(TenantId::new)
                .forEach(this::load);
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
    }

    @Override
    public void close() {
        listener.stop();
    }
}
