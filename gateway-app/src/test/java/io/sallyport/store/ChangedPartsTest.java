package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.tenant.TenantView;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * R5 and H4. A change costs what changed: what is read again, what is written, and whom it keeps
 * waiting. What was not read again is the very same object.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class ChangedPartsTest {
    private static final ServerSlug ONE = new ServerSlug("one");
    private static final ServerSlug TWO = new ServerSlug("two");

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;
    private StoreNode here;
    private StoreNode there;
    private StoredServers servers;

    ChangedPartsTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    @BeforeEach
    void open() throws InterruptedException {
        here = StoreNode.open(postgres, database, "here", StoreNode.UNCONCERNED);
        there = StoreNode.open(postgres, database, "there", StoreNode.UNCONCERNED);
        servers = new StoredServers(here);
        servers.approve(ONE, descriptions("first", 3));
        servers.approve(TWO, descriptions("first", 3));
        eventually().until(() -> view(there).sequence() == view(here).sequence());
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static List<String> descriptions(String text, int tools) {
        return IntStream.range(0, tools).mapToObj(it -> text + it).toList();
    }

    private static TenantView view(StoreNode node) {
        return node.store().views().view(StoreNode.TENANT);
    }

    private static CatalogTool tool(TenantView view, ServerSlug server) {
        return view.tool(new ToolRef(server, "t0")).orElseThrow();
    }

    /** R5: for the gateway that made the key, and for the one that is told. */
    @Test
    void aKeyThatIsMadeLeavesEveryServerAsItIs() {
        var before = List.of(view(here), view(there));

        here.addKey("k2", "user:bea");

        eventually().until(() -> view(there).key("k2").isPresent());
        assertThat(view(here).key("k2")).isPresent();
        assertThat(view(here).policy()).isSameAs(before.getFirst().policy());
        for (var slug : List.of(ONE, TWO)) {
            assertThat(tool(view(here), slug)).isSameAs(tool(before.getFirst(), slug));
            assertThat(tool(view(there), slug)).isSameAs(tool(before.getLast(), slug));
        }
    }

    /** R5. */
    @Test
    void aServerThatChangesIsReadAgainAndNoOther() {
        var before = view(there);

        assertThat(servers.list(ONE, descriptions("second", 3))).isTrue();

        eventually().until(() -> view(there).sequence() == view(here).sequence());
        assertThat(tool(view(there), ONE)).isEqualTo(tool(view(here), ONE));
        assertThat(tool(view(there), ONE)).isNotEqualTo(tool(before, ONE));
        assertThat(tool(view(there), TWO)).isSameAs(tool(before, TWO));
    }

    /** R5: an older gateway on the same database does not say what it changes. */
    @Test
    void aChangeThatDoesNotSayWhatItChangedHasEverythingReadAgain() {
        var before = view(here);
        FaultyPostgres.execute(
                database,
                """
                update tool set risk = 'WRITE' where tenant = 'acme' and server = 'two';
                update governance set sequence = sequence + 1 where tenant = 'acme';
                select pg_notify('governance', 'acme')\
                """);

        eventually().until(() -> view(here).sequence() > before.sequence());
        assertThat(tool(view(here), TWO).risk().code()).isEqualTo("write");
        assertThat(tool(view(here), ONE)).isEqualTo(tool(before, ONE));
    }

    /** R5. */
    @Test
    void aServerThatIsGoneIsGoneEverywhere() {
        here.store().servers().remove(StoreNode.TENANT, ONE, StoreNode.admin());

        eventually().until(() -> view(there).server(ONE).isEmpty());
        assertThat(view(there).tools()).extracting(it -> it.ref().server()).containsOnly(TWO);
        assertThat(view(there).byAlias("one__t0")).isEmpty();
        assertThat(view(there).byAlias("two__t0")).isPresent();
    }

    /** H4: thousands of statements for one changed item. */
    @Test
    void onlyTheToolThatChangedIsWritten() {
        var one = List.of("first0", "changed", "first2");
        assertThat(servers.list(ONE, one)).isTrue();

        assertThat(
                        FaultyPostgres.count(
                                database,
                                "select count(*) from tool where xmin ="
                                        + " (select xmin from tool where server = 'one'"
                                        + " and name = 't1')"))
                .isEqualTo(1);
        assertThat(view(here).catalog(ONE).tools())
                .extracting(it -> it.listed().tree().path("description").asString())
                .containsExactlyInAnyOrderElementsOf(one);
    }

    /** H4: 32 000 records in 75 s. */
    @Test
    void manyDriftsAreOneRecordWithTheirNumberAndADigest() {
        servers.approve(ONE, descriptions("first", 51));
        assertThat(servers.list(ONE, descriptions("second", 51))).isTrue();

        assertThat(changes("target")).containsExactly("one");
        assertThat(changes("count")).containsExactly("51");
        assertThat(changes("to")).singleElement().asString().startsWith("sha256:");
        assertThat(view(here).catalog(ONE).tools())
                .allMatch(it -> it.status().code().equals("changed"));
    }

    /** H4. */
    @Test
    void fewDriftsAreARecordEach() {
        servers.approve(ONE, descriptions("first", 50));
        assertThat(servers.list(ONE, descriptions("second", 50))).isTrue();

        assertThat(changes("target")).hasSize(50).contains("one/t0", "one/t49");
    }

    private List<String> changes(String member) {
        return FaultyPostgres.column(
                database,
                "select convert_from(leaf, 'UTF8')::jsonb #>> array['change', ?]"
                        + " from audit_intake where kind = 'catalog.changed'",
                member);
    }

    /** R5: 488 keys kept every approval from being made. */
    @Test
    void aChangeIsMadeAlthoughSomethingElseChangedSinceTheViewThatItWasComputedFrom() {
        var seen = view(here);
        here.addKey("k2", "user:bea");

        assertThat(servers.list(seen, ONE, descriptions("second", 3))).isTrue();
    }

    /** R5: two that were computed from one view. */
    @Test
    void aChangeIsNotMadeIfTheSameServerChangedSince() {
        var seen = view(here);
        assertThat(servers.list(ONE, descriptions("second", 3))).isTrue();
        var records = recordsWritten();

        assertThat(servers.list(seen, ONE, descriptions("third", 3))).isFalse();
        assertThat(tool(view(here), ONE).listed().tree().path("description").asString())
                .isEqualTo("second0");
        assertThat(recordsWritten()).isEqualTo(records);
    }

    /** A change of a key that read it before it was revoked brought it back. */
    @Test
    void aKeyThatIsRevokedStaysRevokedWhateverWasSeenOfItBefore() {
        here.addKey("k2", "user:bea");
        var seen = view(here);
        var key = seen.key("k2").orElseThrow();
        here.store().settings().revokeKey(key, StoreNode.admin());

        var changed = here.store().settings().changeKey(key, seen.sequence(), StoreNode.admin());

        assertThat(changed).isFalse();
        assertThat(view(here).key("k2").orElseThrow().blocked()).isTrue();
        assertThat(here.store().views().byId("k2").orElseThrow().blocked()).isTrue();
        var now = view(here).sequence();
        assertThat(here.store().settings().changeKey(key, now, StoreNode.admin())).isTrue();
        assertThat(view(here).key("k2").orElseThrow().blocked()).isTrue();
    }

    private long recordsWritten() {
        return FaultyPostgres.count(
                database, "select count(*) from audit_intake where kind like 'catalog.%'");
    }

    /** H4: a drifting server of 4 000 items stopped every tenant. */
    @Test
    void whileManyItemsDriftTheCallsOfAllTenantsAreRecorded() throws InterruptedException {
        here.createTenant("other");
        servers.approve(ONE, descriptions("first", 4_000));
        var drifting =
                java.util.concurrent.CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 3; round++) {
                        assertThat(servers.list(ONE, descriptions("r" + round, 4_000))).isTrue();
                    }
                });
        int calls = 0;
        do {
            assertThat(here.intend(new TenantId("other"), "key" + calls))
                    .isInstanceOf(Appended.Written.class);
            here.addKey(new TenantId("other"), "k" + calls, "user:bea");
            calls++;
        } while (!drifting.isDone());

        drifting.join();
        assertThat(changes("count")).containsExactly("4000", "4000", "4000");
    }

    /** H4: one lock for the changes of all tenants. */
    @Test
    void aTenantThatIsLockedKeepsNoOtherWaiting() {
        assertThat(here.createTenant("other")).isTrue();
        var epochs = epochs();
        try (var _ =
                FaultyPostgres.hold(
                        database, "select 1 from governance where tenant = 'acme' for update")) {
            var locked =
                    java.util.concurrent.CompletableFuture.runAsync(
                            () -> here.addKey("k2", "user:bea"));
            here.addKey(new TenantId("other"), "k3", "user:cid");

            assertThat(here.store().views().byId("k3")).isPresent();
            assertThatThrownBy(locked::join).hasCauseInstanceOf(StoreUnavailable.class);
        }
        here.addKey("k4", "user:dan");
        assertThat(here.store().views().byId("k2")).isEmpty();
        assertThat(epochs()).isEqualTo(epochs);
        here.assertVerified();
    }

    private List<String> epochs() {
        return FaultyPostgres.column(
                database, "select writer || ':' || epoch from audit_epoch order by 1");
    }
}
