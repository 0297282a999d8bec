package io.sallyport.store;

import io.sallyport.admin.AuditReader;
import io.sallyport.admin.TenantSettings;
import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.bridge.Supervision;
import io.sallyport.gate.ApprovalDesk;
import io.sallyport.gate.Approvals;
import io.sallyport.gate.ArgumentsDigest;
import io.sallyport.gate.AuditTrail;
import io.sallyport.gate.Governance;
import io.sallyport.gate.Payloads;
import io.sallyport.gate.StoreFailure;
import io.sallyport.identity.KeyDirectory;
import io.sallyport.mcp.StateKeys;
import io.sallyport.policy.TenantId;
import io.sallyport.servers.ServerStore;
import java.time.Clock;
import java.util.List;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Everything that is on disk, opened as one: the adapters of all ports over one database. */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final Supervision supervision = new Supervision();
    private final Database database;
    private final Database background;
    private final Sealer sealer;
    private final WriterLease batchLease;
    private final WriterLease changeLease;
    private final GroupCommitWriter writer;
    private final Integrator integrator;
    private final TenantViews views;
    private final PayloadVault vault;
    private final ServerRows servers;
    private final SettingsRows settings;
    private final ApprovalRows approvals;
    private final AuditRows audit;
    private final Housekeeping housekeeping;

    /**
     * @param node name of this gateway, the same over restarts; names its writers in the log
     */
    public record Settings(
            DatabaseAddress address,
            GatewayFolder folder,
            byte[] sealKey,
            String node,
            Clock clock,
            WriterTimes times) {
        public Settings(
                DatabaseAddress address,
                GatewayFolder folder,
                byte[] sealKey,
                String node,
                Clock clock) {
            this(address, folder, sealKey, node, clock, WriterTimes.DEFAULT);
        }
    }

    private Store(Settings settings) throws InterruptedException {
        database = Database.open(settings.address());
        background = database.background();
        sealer = new Sealer(settings.sealKey());
        ensureSystemTenant();
        batchLease = new WriterLease(database, settings.node() + "-b", settings.times().lease());
        changeLease = new WriterLease(database, settings.node() + "-c", settings.times().lease());
        batchLease.open();
        changeLease.open();
        vault = new PayloadVault(database, sealer, settings.clock());
        var loader = new TenantLoader(database, sealer);
        views = new TenantViews(database, loader, vault, supervision);
        var records = new AdminRecords(vault, settings.clock());
        var parts = new StoreParts(database, sealer, records, views, settings.clock());
        var later = new StoreParts(background, sealer, records, views, settings.clock());
        var live = new LiveIntents();
        var changes = new RecordedChanges(database, changeLease, live);
        integrator = new Integrator(background, supervision);
        writer =
                new GroupCommitWriter(
                        new AuditBatches(database, batchLease, live),
                        live,
                        integrator::isBehind,
                        supervision);
        servers = new ServerRows(changes, parts);
        this.settings = new SettingsRows(changes, parts);
        approvals = new ApprovalRows(changes, parts);
        var signer = new CheckpointSigner(settings.folder(), AuditArchive.DEPLOYMENT);
        audit = new AuditRows(later, integrator, writer, signer);
        housekeeping = housekeeping(new OpenIntents(later, writer, live, writers()), changes);
        refuseRollback(signer);
    }

    /**
     * Opens the store and starts its writers; closes what a dead process left open.
     *
     * @throws StartFailure in one sentence, if that cannot be done
     */
    public static Store open(Settings settings) throws InterruptedException {
        var store = new Store(settings);
        store.writer.start();
        store.integrator.start();
        store.views.start();
        store.housekeeping.start(settings.times(), store.supervision);
        store.writer.report(
                AuditRecord.of(
                                Kind.WRITER_OPEN,
                                TenantId.SYSTEM.value(),
                                settings.clock().instant())
                        .with(
                                AuditRecord.Change.of(
                                        store.batchLease.writer(),
                                        "",
                                        Long.toString(store.batchLease.epoch()))));
        return store;
    }

    private Housekeeping housekeeping(OpenIntents intents, RecordedChanges changes) {
        return new Housekeeping(background, intents, changes, List.of(batchLease, changeLease));
    }

    private List<String> writers() {
        return List.of(batchLease.writer(), changeLease.writer());
    }

    private void ensureSystemTenant() {
        database.jdbc()
                .sql("insert into tenant (id) values ('_system') on conflict do nothing")
                .update();
        database.jdbc()
                .sql("insert into governance (tenant) values ('_system') on conflict do nothing")
                .update();
    }

    /** A tree that is smaller than one that was signed means that records are gone. */
    private void refuseRollback(CheckpointSigner signer) {
        integrator.catchUp();
        for (var tenant : settings.tenants()) {
            var signed = signer.lastSigned(tenant.value());
            var size = integrator.frontier(tenant.value()).size();
            if (signed.isPresent() && signed.get().size() > size) {
                throw new StartFailure(
                        "the audit log of "
                                + tenant
                                + " is shorter than a checkpoint that was signed");
            }
        }
    }

    /** The long-lived threads of this gateway; those that it starts later belong here too. */
    public Supervision supervision() {
        return supervision;
    }

    public Governance governance() {
        return views;
    }

    public KeyDirectory keys() {
        return views;
    }

    public AuditTrail trail() {
        return writer;
    }

    public Approvals approvals() {
        return approvals;
    }

    public ApprovalDesk desk() {
        return approvals;
    }

    public Payloads payloads() {
        return vault;
    }

    public ArgumentsDigest digests() {
        return sealer::digest;
    }

    public StateKeys stateKeys() {
        return new SealedState(sealer.forState());
    }

    public ServerStore servers() {
        return servers;
    }

    public TenantSettings settings() {
        return settings;
    }

    public AuditReader audit() {
        return audit;
    }

    /** The key under which API key secrets are stored as HMACs. */
    public SecretKey pepper() {
        return sealer.pepper();
    }

    /** True while calls can be recorded. */
    public boolean isReady() {
        return !integrator.isBehind() && database.answers();
    }

    /** A clean stop leaves a checkpoint that covers everything. */
    private void signAll() {
        try {
            integrator.catchUp();
            audit.checkpoint(TenantId.SYSTEM);
            settings.tenants().forEach(audit::checkpoint);
        } catch (StoreFailure | DataAccessException | TransactionException e) {
            LOG.warn("no closing checkpoint: {}", e.getClass().getSimpleName());
        }
    }

    /** Writes what waits, gives up the leases, and disconnects. */
    @Override
    public void close() {
        writer.close();
        integrator.close();
        signAll();
        housekeeping.close();
        views.close();
        background.close();
        database.close();
    }
}
