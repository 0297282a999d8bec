package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.LogVerifier;
import io.sallyport.audit.Verdict;
import io.sallyport.cli.Gateway;
import io.sallyport.cli.GatewayContext;
import io.sallyport.gate.Workers;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.AuditArchive;
import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.FaultyPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway in this JVM on a database that has faults, with one tenant and one tool server. */
final class AuditedGateway implements AutoCloseable {
    private final DatabaseAddress database;
    private final Path folder;
    private final Gateway gateway;
    private final TenantDesk tenant;
    private final AtomicInteger tenants = new AtomicInteger();
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "ask");

    private AuditedGateway(DatabaseAddress database, Path folder, Gateway gateway) {
        this.database = database;
        this.folder = folder;
        this.gateway = gateway;
        var keys = gateway.devKeys().orElseThrow();
        tenant = TenantDesk.existing(new Http(gateway.url()), keys.admin(), "default");
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["u1/echo"]}
                  - {id: people, effect: require_approval, tools: ["u1/ask"]}
                """);
    }

    static AuditedGateway start(FaultyPostgres postgres) throws InterruptedException {
        var database = postgres.newDatabase();
        var folder = postgres.newFolder();
        var options =
                new Gateway.Options(
                        true, 0, folder, Optional.of(database), new LaunchProfiles.Off());
        return new AuditedGateway(database, folder, Gateway.start(options));
    }

    DatabaseAddress database() {
        return database;
    }

    TenantDesk tenant() {
        return tenant;
    }

    /** A tenant of which nothing is known but its admin. */
    TenantDesk newTenant() {
        var name = "t" + tenants.incrementAndGet();
        var keys = gateway.devKeys().orElseThrow();
        return TenantDesk.create(tenant.http(), keys.admin(), name);
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    /** Threads of this gateway that run work now. */
    int workers() {
        return GatewayContext.of(gateway).getBean(Workers.class).underWay();
    }

    McpSession client() {
        return McpSession.open(tenant.http(), gateway.devKeys().orElseThrow().agent());
    }

    List<String> statuses() {
        return statuses(database);
    }

    /** How all calls ended, as their outcomes say; in the order of writing. */
    static List<String> statuses(DatabaseAddress database) {
        return FaultyPostgres.column(
                database,
                "select convert_from(leaf, 'UTF8')::jsonb #>> '{result,status}' from audit_intake"
                        + " where outcome_of is not null order by epoch, wseq");
    }

    long intents() {
        return intents(database);
    }

    static long intents(DatabaseAddress database) {
        return FaultyPostgres.count(
                database, "select count(*) from audit_intake where intent_key is not null");
    }

    /** The log agrees with a checkpoint that was taken just now, and so it covers everything. */
    void assertVerified() {
        assertVerified(tenant, folder, database);
    }

    static void assertVerified(TenantDesk tenant, Path folder, DatabaseAddress database) {
        var note = tenant.admin(Ask.get("/admin/v1/audit/checkpoint")).ok().body();
        try (var archive = AuditArchive.open(folder, Optional.of(database))) {
            var found =
                    LogVerifier.verify(
                            archive.log(tenant.id()), List.of(note), archive.key(tenant.id()));
            assertThat(found.verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Override
    public void close() {
        upstream.close();
        gateway.close();
    }
}
