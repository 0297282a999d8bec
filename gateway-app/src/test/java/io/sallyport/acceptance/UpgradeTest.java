package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.Demands;
import io.sallyport.audit.LogVerifier;
import io.sallyport.audit.Verdict;
import io.sallyport.cli.Gateway;
import io.sallyport.policy.TenantId;
import io.sallyport.samples.notes.NotesServer;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.AuditArchive;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import io.sallyport.store.OlderInstallation;
import java.net.BindException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A data folder that commit ca6bc2a wrote is opened by this build, and everything works on. */
@ExtendWith(FaultyPostgresExtension.class)
class UpgradeTest {
    /** Where the notes were served: a descriptor's digest covers its server's address. */
    private static final int NOTES_PORT = 27_117;

    private static final Pattern KEY = Pattern.compile("\"key\":\"([^\"]+)\"");

    private final OlderInstallation older;
    private final NotesServer notes;
    private Gateway gateway;
    private TenantDesk tenant;

    UpgradeTest(FaultyPostgres postgres) {
        older = OlderInstallation.restore(postgres, "ca6bc2a");
        older.renewApprovals();
        notes =
                FaultyPostgres.eventually()
                        .ignoreException(BindException.class)
                        .until(() -> NotesServer.start(NOTES_PORT), _ -> true);
    }

    @BeforeEach
    void open() throws InterruptedException {
        gateway =
                Gateway.start(
                        new Gateway.Options(
                                true,
                                0,
                                older.folder(),
                                Optional.of(older.database()),
                                new LaunchProfiles.Off()));
        var keys = gateway.devKeys().orElseThrow();
        tenant = TenantDesk.existing(new Http(gateway.url()), keys.admin(), "default");
    }

    @AfterEach
    void close() {
        gateway.close();
        notes.close();
    }

    private McpSession agent() {
        return McpSession.open(tenant.http(), gateway.devKeys().orElseThrow().agent());
    }

    @Test
    void whatAdminsSetUpIsThere() {
        assertThat(names("servers", "slug")).containsExactlyInAnyOrder("notes", "weather");
        assertThat(names("toolsets", "name")).containsExactly("desk");
        assertThat(names("models", "alias")).containsExactly("assistant");
        assertThat(names("keys", "owner"))
                .containsExactlyInAnyOrder(
                        "user:dev-admin", "user:dev-agent", "service:ci", "user:auditor");
        assertThat(names("tenants", "id")).contains("default", "globex");
        assertThat(get("policies/current").path("document").asString()).contains("id: writing");
        assertThat(names("tools", "status")).hasSize(6).containsOnly("approved");
    }

    private JsonNode get(String path) {
        return tenant.admin(Ask.get("/admin/v1/" + path)).ok().json();
    }

    private List<String> names(String resource, String member) {
        return get(resource)
                .path("items")
                .valueStream()
                .map(it -> it.path(member).asString())
                .toList();
    }

    @Test
    void oldKeysCallTheToolsThatTheySaw() {
        assertThat(agent().result("notes__list_notes", "{}").path("isError").asBoolean(false))
                .isFalse();
        var key = KEY.matcher(older.text("other-key.json"));
        assertThat(key.find()).isTrue();
        var other = McpSession.open(tenant.http(), key.group(1));
        assertThat(other.result("notes__list_notes", "{}").toString()).contains("Groceries");
        assertThat(agent().call("notes__delete_note", "{\"id\":\"n1\"}").body())
                .contains("Unknown tool");
    }

    @Test
    void approvalsGoOnWhereTheyWere() {
        assertThat(names("approvals", "state"))
                .containsExactlyInAnyOrder("pending", "approved", "denied", "consumed");
        var agent = agent();
        assertThat(agent.refusal("notes__create_note", note("Approved"))).isEmpty();
        assertThat(agent.refusal("notes__create_note", note("Approved")))
                .isEqualTo("approval_required");
        assertThat(agent.refusal("notes__create_note", note("Consumed")))
                .isEqualTo("approval_required");
        assertThat(agent.refusal("notes__create_note", note("Pending")))
                .isEqualTo("approval_required");
        decide(pending("Pending"));
        assertThat(agent.refusal("notes__create_note", note("Pending"))).isEmpty();
        assertThat(notes.calls()).containsEntry("create_note", 2);
    }

    private static String note(String title) {
        return "{\"title\":\"%s\",\"text\":\"Written by an agent.\"}".formatted(title);
    }

    private String pending(String title) {
        return names("approvals?state=pending", "id").stream()
                .filter(id ->
                        get("approvals/" + id)
                                .path("params")
                                .asString()
                                .contains("\"" + title + "\""))
                .findFirst()
                .orElseThrow();
    }

    private void decide(String approval) {
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + approval + "/decision",
                                "{\"decision\":\"approve\"}"))
                .ok();
    }

    private AuditArchive archive() {
        var sealKey = HexFormat.of().parseHex(older.text("seal.key").strip());
        return AuditArchive.open(
                older.folder(), Optional.of(older.database()), Optional.of(sealKey));
    }

    @Test
    void everyLogVerifiesAgainstTheOldCheckpoints() {
        agent().result("notes__list_notes", "{}");
        for (var log : List.of("default", TenantId.SYSTEM.value())) {
            var outside = List.of(older.text("outside-" + log + ".checkpoint"));
            try (var archive = archive()) {
                var found =
                        LogVerifier.verify(
                                archive.log(log),
                                outside,
                                archive.key(log),
                                Demands.NONE.withPayloads());
                assertThat(found.findings()).isEmpty();
                assertThat(found.verdict()).isEqualTo(Verdict.OK);
            }
        }
        assertThat(tenant.audit("kind=call.intent")).hasSizeGreaterThan(40);
    }
}
