package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Result;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.AuditRecord.Turn;
import io.sallyport.audit.AuditRecord.What;
import io.sallyport.audit.LogVerifier;
import io.sallyport.audit.RecordId;
import io.sallyport.audit.Verdict;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.identity.KeyKind;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The store of one gateway, in a database that it may share, and what its gate would write. */
final class StoreNode implements AutoCloseable {
    static final TenantId TENANT = new TenantId("acme");

    /** Looks often for what others left open; a busy machine does not lose the lease by itself. */
    static final WriterTimes ALERT =
            new WriterTimes(Duration.ofSeconds(4), Duration.ofMillis(500), Duration.ofMillis(300));

    /** Never looks for what others left open. */
    static final WriterTimes UNCONCERNED =
            new WriterTimes(Duration.ofSeconds(4), Duration.ofMillis(500), Duration.ofHours(1));

    private static final byte[] SEALED = {};

    private final DatabaseAddress address;
    private final Path folder;
    private final Store store;

    private StoreNode(DatabaseAddress address, Path folder, Store store) {
        this.address = address;
        this.folder = folder;
        this.store = store;
    }

    static StoreNode open(
            FaultyPostgres postgres, DatabaseAddress address, String name, WriterTimes times)
            throws InterruptedException {
        var folder = postgres.newFolder();
        var settings =
                new Store.Settings(
                        address,
                        GatewayFolder.open(folder),
                        new byte[32],
                        name,
                        Clock.systemUTC(),
                        times);
        var node = new StoreNode(address, folder, Store.open(settings));
        node.createTenant(TENANT.value());
        return node;
    }

    boolean createTenant(String name) {
        return store.settings().create(new TenantId(name), admin());
    }

    void addKey(String id, String owner) {
        addKey(TENANT, id, owner);
    }

    void addKey(TenantId tenant, String id, String owner) {
        store.settings().addKey(key(tenant, id, owner, KeyKind.AGENT, Set.of("agent")), admin());
    }

    static Caller admin() {
        return new Caller(
                key(TENANT, "k1", "user:admin", KeyKind.ADMIN, Set.of("platform-admin")), "test");
    }

    private static ApiKey key(
            TenantId tenant, String id, String owner, KeyKind kind, Set<String> roles) {
        return new ApiKey(
                id,
                tenant,
                new byte[32],
                owner,
                kind,
                Set.of(),
                roles,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                ApiKey.About.NONE);
    }

    Store store() {
        return store;
    }

    /** What becomes of an intent whose decision saw the current rules. */
    Appended intend(String key) throws InterruptedException {
        return intend(TENANT, key);
    }

    Appended intend(TenantId tenant, String key) throws InterruptedException {
        return store.trail().append(newIntent(tenant, key));
    }

    private TrailEntry.Intent newIntent(TenantId tenant, String key) {
        var sequence = store.views().view(tenant).sequence();
        var record = AuditRecord.of(Kind.CALL_INTENT, tenant.value(), Clock.systemUTC().instant());
        return new TrailEntry.Intent(record, key, sequence, SEALED);
    }

    /** The same through the writer of intents that consume approvals. */
    Appended consume(String key) {
        return store.approvals().consume(List.of(), newIntent(TENANT, key));
    }

    /** The id of the start of a chat run. */
    RecordId run(String run) {
        var what = What.op("chat/completions").with(new Turn(run, AuditRecord.ABSENT, ""));
        var start = new TrailEntry.Fact(record(Kind.CHAT_REQUEST).with(what));
        return ((Appended.Written) store.trail().submit(start).join()).id();
    }

    Appended endRun(String run, RecordId start) throws InterruptedException {
        var what = What.op("chat/completions").with(new Turn(run, AuditRecord.ABSENT, ""));
        var end = record(Kind.CHAT_RESPONSE).with(what).with(Result.of(start, Status.OK, 1));
        return store.trail().append(new TrailEntry.Outcome(end, start, SEALED));
    }

    /** An intent that must reach the disk. */
    RecordId intent(String key) throws InterruptedException {
        return assertThat(intend(key))
                .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.type(Appended.Written.class))
                .actual()
                .id();
    }

    Appended conclude(RecordId intent) throws InterruptedException {
        return store.trail().append(outcome(intent));
    }

    static TrailEntry outcome(RecordId intent) {
        var record = record(Kind.CALL_OUTCOME).with(Result.of(intent, Status.OK, 1));
        return new TrailEntry.Outcome(record, intent, SEALED);
    }

    static AuditRecord deniedRecord() {
        return record(Kind.CALL_DENIED);
    }

    private static AuditRecord record(Kind kind) {
        return AuditRecord.of(kind, TENANT.value(), Clock.systemUTC().instant());
    }

    static TrailEntry fact() {
        return new TrailEntry.Fact(deniedRecord());
    }

    /** How the outcomes of an intent say that it ended; one of them, if all is well. */
    List<String> outcomes(RecordId intent) {
        return FaultyPostgres.column(
                address,
                "select convert_from(leaf, 'UTF8')::jsonb #>> '{result,status}'"
                        + " from audit_intake where outcome_of = ?",
                TENANT + "/" + intent);
    }

    /** The ids of all intents with this key. */
    List<RecordId> intents(String key) {
        return FaultyPostgres.column(
                        address,
                        "select writer || ':' || epoch || ':' || wseq from audit_intake"
                                + " where intent_key = ?",
                        key)
                .stream()
                .map(it -> RecordId.parse(it).orElseThrow())
                .toList();
    }

    long rowsIn(RecordId place) {
        return FaultyPostgres.count(
                address,
                "select count(*) from audit_intake where writer = ? and epoch = ?",
                place.writer(),
                place.epoch());
    }

    void assertVerified() {
        var note = store.audit().checkpoint(TENANT);
        try (var archive = AuditArchive.open(folder, Optional.of(address))) {
            var log = TENANT.value();
            var found = LogVerifier.verify(archive.log(log), List.of(note), archive.key(log));
            assertThat(found.verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
