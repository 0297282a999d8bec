package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.gate.Approvals.Opened;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import io.sallyport.recording.AuditedCall;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An approval is for the very server that it was asked for, in whatever order things happen. */
@ExtendWith(FaultyPostgresExtension.class)
class ApprovalRowsTest {
    private static final ServerSlug SERVER = new ServerSlug("one");
    private static final byte[] ARGUMENTS = {'{', '}'};

    private final FaultyPostgres postgres;
    private StoreNode node;
    private StoredServers servers;

    ApprovalRowsTest(FaultyPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeEach
    void open() throws InterruptedException {
        var database = postgres.newDatabase();
        node = StoreNode.open(postgres, database, "node", StoreNode.UNCONCERNED);
        servers = new StoredServers(node);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private long sequence() {
        return node.store().views().view(StoreNode.TENANT).sequence();
    }

    private Opened open(String id, long sequence) {
        var requirement = new ApprovalRequirement("one", List.of(), 1, Duration.ofHours(1), "");
        var binding =
                new ApprovalBinding(
                        StoreNode.TENANT,
                        "user:" + id,
                        "tools/call",
                        new ToolRef(SERVER, "t0"),
                        "sha256:1",
                        "digest",
                        requirement.digest(),
                        "");
        var now = Clock.systemUTC().instant();
        var requested = AuditRecord.of(Kind.APPROVAL_REQUESTED, StoreNode.TENANT.value(), now);
        return node.store()
                .approvals()
                .open(
                        Approval.open(id, binding, Risk.READ, requirement, now),
                        ARGUMENTS,
                        new AuditedCall(_ -> requested),
                        sequence);
    }

    private ApprovalState state(String id) {
        var found = node.store().approvals().find(StoreNode.TENANT, id).orElseThrow();
        return found.approval().state();
    }

    private void register() {
        servers.approve(SERVER, List.of("first"));
    }

    private boolean remove() {
        return node.store().servers().remove(StoreNode.TENANT, SERVER, StoreNode.admin());
    }

    @Test
    void noneIsOpenedByADecisionThatWasOvertaken() {
        register();
        var decided = sequence();
        assertThat(remove()).isTrue();

        assertThat(open("apr_late", decided)).isInstanceOf(Opened.Stale.class);
        assertThat(node.store().approvals().find(StoreNode.TENANT, "apr_late")).isEmpty();
    }

    @Test
    void allEndWithTheirServerHoweverManyThereAre() {
        register();
        for (int number = 0; number < 230; number++) {
            assertThat(open("apr_" + number, sequence())).isInstanceOf(Opened.Waiting.class);
        }

        assertThat(remove()).isTrue();

        for (int number = 0; number < 230; number++) {
            assertThat(state("apr_" + number)).isEqualTo(ApprovalState.CANCELLED);
        }
    }

    /** An older version, say, removed its server and left them. */
    @Test
    void whatWasLeftOfAServersNameEndsWhenItIsGivenAgain() {
        assertThat(open("apr_left", sequence())).isInstanceOf(Opened.Waiting.class);

        register();

        assertThat(state("apr_left")).isEqualTo(ApprovalState.CANCELLED);
        assertThat(open("apr_new", sequence())).isInstanceOf(Opened.Waiting.class);
        assertThat(state("apr_new")).isEqualTo(ApprovalState.PENDING);
    }

    @Test
    void aServerThatDoesNotExistIsNotRemoved() {
        assertThat(remove()).isFalse();
    }
}
