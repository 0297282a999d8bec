package io.sallyport.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sallyport.admin.TenantSettings;
import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.identity.Pepper;
import io.sallyport.mcp.StateKeys;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.recording.StoreFailure;
import io.sallyport.threads.Supervision;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Everything that is on disk, opened as one: the adapters of all ports over one database. */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final String WELL = "ok";

    private final Supervision supervision = new Supervision();
    private final Database database;
    private final StorePools pools;
    private final StoreHealth health;
    private final CheckpointSigner signer;
    private final Optional<Trouble> atStart;
    private final Sealer sealer;
    private final InstallationCheck check;
    private final WriterLease batchLease;
    private final WriterLease changeLease;
    private final GroupCommitWriter writer;
    private final Integrator integrator;
    private final TenantViews views;
    private final PayloadVault vault;
    private final ServerRows servers;
    private final SettingsRows settings;
    private final ApprovalRows approvals;
    private final StopRows stops;
    private final ClaimRows claims;
    private final AuditRows audit;
    private final PayloadRows payloadRows;
    private final PastCallRows pastCalls;
    private final SearchIndex searchIndex;
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

    private Store(Settings settings, StorePools pools) throws InterruptedException {
        this.pools = pools;
        database = pools.calls();
        sealer = new Sealer(settings.sealKey());
        check = new InstallationCheck(database, sealer);
        check.requireKey();
        ensureSystemTenant();
        var history = new LogHistory(pools.reads(), settings.folder());
        signer = new CheckpointSigner(settings.folder(), AuditArchive.DEPLOYMENT, history);
        var unplaced = new UnplacedRecords(pools.integration());
        integrator = new Integrator(pools.integration(), unplaced, settings.clock(), supervision);
        atStart = new StartCheck(pools.reads(), integrator, signer).run();
        health = new StoreHealth(pools.health(), this::ofTheLog, supervision);
        batchLease = lease(settings, "-b");
        changeLease = lease(settings, "-c");
        vault = new PayloadVault(database, sealer, settings.clock());
        var loader = new TenantLoader(database, sealer);
        views = new TenantViews(database, loader, vault, supervision);
        var parts = parts(database, settings);
        var live = new LiveIntents();
        var rule = new IntentRule(() -> ofTheLog().isPresent());
        var changes = new RecordedChanges(database, changeLease, live, rule, unplaced);
        var batches = new AuditBatches(database, batchLease, live, health, unplaced);
        writer = new GroupCommitWriter(batches, live, rule, health, supervision);
        approvals = new ApprovalRows(changes, parts);
        servers = new ServerRows(changes, approvals, parts);
        this.settings = new SettingsRows(changes, parts);
        stops = new StopRows(changes, approvals, vault, parts);
        claims = new ClaimRows(parts, batchLease);
        searchIndex = new SearchIndex(pools.reads(), supervision);
        audit =
                new AuditRows(
                        parts(pools.reads(), settings), integrator, searchIndex, writer, signer);
        pastCalls = new PastCallRows(pools.reads(), views, vault);
        payloadRows = new PayloadRows(pools.reads(), vault, audit);
        housekeeping = housekeeping(settings, live, changes);
    }

    private StoreParts parts(Database through, Settings settings) {
        var records = new AdminRecords(vault, settings.clock());
        return new StoreParts(through, sealer, records, views, settings.clock());
    }

    private WriterLease lease(Settings settings, String suffix) throws InterruptedException {
        var name = settings.node() + suffix;
        var lease = new WriterLease(pools.leases(), name, settings.times().lease());
        lease.open();
        return lease;
    }

    /** What keeps records out of their trees, or trees out of their checkpoints. */
    private Optional<Trouble> ofTheLog() {
        return atStart.or(signer::trouble).or(integrator::trouble);
    }

    /**
     * Opens the store and starts its writers; closes what a dead process left open.
     *
     * @throws StartFailure in one sentence, if that cannot be done
     */
    public static Store open(Settings settings) throws InterruptedException {
        var pools = StorePools.open(settings.address());
        try {
            var store = new Store(settings, pools);
            store.start(settings);
            return store;
        } catch (RuntimeException | InterruptedException e) {
            pools.close();
            throw e;
        }
    }

    private void start(Settings settings) {
        writer.start();
        integrator.start();
        searchIndex.start();
        views.start();
        housekeeping.start(settings.times(), supervision);
        health.start();
        writer.report(
                AuditRecord.of(
                                Kind.WRITER_OPEN,
                                TenantId.SYSTEM.value(),
                                settings.clock().instant())
                        .with(
                                AuditRecord.Change.of(
                                        batchLease.writer(),
                                        "",
                                        Long.toString(batchLease.epoch()))));
    }

    private Housekeeping housekeeping(
            Settings settings, LiveIntents live, RecordedChanges changes) {
        var through = parts(pools.integration(), settings);
        var intents = new OpenIntents(through, writer, live, writers());
        return new Housekeeping(
                pools.integration(), intents, changes, List.of(batchLease, changeLease));
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

    /** The long-lived threads of this gateway; those that it starts later belong here too. */
    public Supervision supervision() {
        return supervision;
    }

    /**
     * Asks for the mode that the installation was made in, and keeps it the first time.
     *
     * @param isDevFolder whether the data folder has what dev mode leaves in it
     * @throws StartFailure if it was made in the other one
     */
    public void requireMode(boolean dev, boolean isDevFolder) {
        check.requireMode(dev, isDevFolder);
    }

    /** For whoever sets an installation up, before anything is served. */
    public TenantSettings settings() {
        return settings;
    }

    TenantViews views() {
        return views;
    }

    GroupCommitWriter trail() {
        return writer;
    }

    ApprovalRows approvals() {
        return approvals;
    }

    StopRows stops() {
        return stops;
    }

    ClaimRows claims() {
        return claims;
    }

    PayloadVault payloads() {
        return vault;
    }

    ArgumentsDigest digests() {
        return sealer::digest;
    }

    StateKeys stateKeys() {
        return new SealedState(sealer.forState());
    }

    ServerRows servers() {
        return servers;
    }

    PastCallRows pastCalls() {
        return pastCalls;
    }

    PayloadRows payloadReader() {
        return payloadRows;
    }

    AuditRows audit() {
        return audit;
    }

    /** The key under which API key secrets are stored as HMACs. */
    public Pepper pepper() {
        return new Pepper(sealer.pepper());
    }

    /** Why no call can be recorded now, for operators; from memory, it waits for nothing. */
    Optional<String> trouble() {
        return health.trouble().map(Trouble::code);
    }

    /** What is wrong and keeps no call from being recorded; from memory. */
    List<String> remarks() {
        var remarks = new ArrayList<String>();
        if (searchIndex.isAhead()) {
            remarks.add("search_index_contradiction");
        }
        var unreadable = views.unreadablePolicies();
        if (unreadable > 0) {
            remarks.add("policy_unavailable in " + unreadable + " tenants");
        }
        return remarks;
    }

    /** What must be well for calls to be recorded, and how each of it is; from memory. */
    Map<String, String> components() {
        var components = new LinkedHashMap<String, String>();
        components.put("database", well(health.ofDatabase()));
        components.put("migrations", WELL); // or it would not have started
        components.put("seal-key", WELL);
        var held = batchLease.isHeld() && changeLease.isHeld();
        components.put("writer-lease", held ? WELL : "lost");
        components.put("audit-log", well(ofTheLog()));
        return components;
    }

    private static String well(Optional<Trouble> trouble) {
        return trouble.map(Trouble::code).orElse(WELL);
    }

    /** Measures pools and queues whenever somebody looks. */
    void measure(MeterRegistry meters) {
        pools.measure(meters);
        Gauge.builder("sallyport.audit.backlog", writer, GroupCommitWriter::waiting)
                .description("records that wait for a commit")
                .register(meters);
    }

    /** A clean stop leaves a checkpoint that covers everything. */
    private void signAll() {
        try {
            integrator.drain();
            signer.sign(TenantId.SYSTEM.value());
            settings.tenants().forEach(it -> signer.sign(it.value()));
        } catch (StoreFailure
                | DataAccessException
                | TransactionException
                | IntakeLanes.ContradictoryRecord e) {
            LOG.warn("no closing checkpoint: {}", e.getClass().getSimpleName());
        }
    }

    /** Writes what waits, gives up the leases, and disconnects. */
    @Override
    public void close() {
        health.close();
        writer.close();
        searchIndex.close();
        integrator.close();
        signAll();
        housekeeping.close();
        views.close();
        pools.close();
    }
}
