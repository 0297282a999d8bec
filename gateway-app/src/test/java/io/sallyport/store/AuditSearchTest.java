package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.admin.AuditQuery;
import io.sallyport.admin.AuditQuery.Field;
import io.sallyport.admin.AuditReader.Found;
import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.ToolReview;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** H7, R1: a search reads a page and what leads to it, however much there is. */
@ExtendWith(FaultyPostgresExtension.class)
class AuditSearchTest {
    private static final int ROWS = 20_000;
    private static final TenantId BIG = new TenantId("big");

    /** A hundred places in the index and as many leaves, a few buffers each. */
    private static final long MOST_BUFFERS = 3_000;

    private static final Pattern BUFFERS = Pattern.compile("shared hit=(\\d+)(?: read=(\\d+))?");

    private final DatabaseAddress database;
    private StoreNode node;
    private final FaultyPostgres postgres;

    AuditSearchTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    @BeforeEach
    void open() throws InterruptedException {
        node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** Values that many records have, that one has, and that none has. */
    private static Map<Field, List<String>> values() {
        var values = new EnumMap<Field, List<String>>(Field.class);
        values.put(Field.KIND, List.of("call.intent", "rare", "none"));
        values.put(Field.PRINCIPAL, List.of("p1", "rare", "none"));
        values.put(Field.KEY, List.of("k1", "rare", "none"));
        values.put(Field.SERVER, List.of("s1", "rare", "none"));
        values.put(Field.TOOL, List.of("t2", "rare", "none"));
        values.put(Field.DECISION, List.of("allow", "rare", "none"));
        values.put(Field.RUN, List.of("r3", "rare", "none"));
        values.put(Field.STATUS, List.of("ok", "rare", "none"));
        return values;
    }

    @Test
    void everyFilterAndEveryTwoOfThemReadAnIndex() {
        fill();
        var reads = new ArrayList<String>();
        for (var query : queries()) {
            var plan = plan(query);
            reads.add(buffers(plan) + " " + query);
            assertThat(plan).as("%s", query).doesNotContain("Seq Scan");
            assertThat(buffers(plan)).as("%s\n%s", query, plan).isLessThan(MOST_BUFFERS);
        }
        assertThat(reads).hasSizeGreaterThan(200);
    }

    private static List<AuditQuery> queries() {
        var queries = new ArrayList<AuditQuery>(List.of(query(Map.of())));
        values().forEach((one, ofOne) -> ofOne.forEach(value -> add(queries, one, value)));
        return queries;
    }

    private static void add(List<AuditQuery> queries, Field one, String value) {
        queries.add(query(Map.of(one, value)));
        values().forEach((other, ofOther) -> {
            if (one.compareTo(other) < 0) {
                ofOther.forEach(it -> queries.add(query(Map.of(one, value, other, it))));
            }
        });
    }

    private static AuditQuery query(Map<Field, String> terms) {
        return new AuditQuery(terms, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void anOldHourIsFoundWithoutReadingWhatCameLater() {
        fill();
        var hour =
                new AuditQuery(
                        Map.of(),
                        Optional.of(Instant.EPOCH.plusSeconds(100)),
                        Optional.of(Instant.EPOCH.plusSeconds(110)),
                        Optional.empty());

        assertThat(places(hour))
                .containsExactly(
                        "109", "108", "107", "106", "105", "104", "103", "102", "101", "100");
        assertThat(buffers(plan(hour))).isLessThan(200);
    }

    @Test
    void aLeafThatCannotBeReadHidesNoOther() {
        fill();

        assertThat(places(query(Map.of(Field.PRINCIPAL, "rare")))).containsExactly("17");
        assertThat(places(query(Map.of(Field.KIND, "garbled")))).containsExactly("19", "18");
    }

    @Test
    void aSearchThatTakesTooLongSaysSo() throws InterruptedException {
        FaultyPostgres.execute(
                database,
                "create or replace function audit_term(value text) returns text language sql"
                        + " strict as 'select pg_sleep(20)::text'");

        var found =
                node.store()
                        .audit()
                        .find(StoreNode.TENANT, query(Map.of(Field.TOOL, "t")), StoreNode.admin());

        assertThat(found).isInstanceOf(Found.TooBroad.class);
    }

    @Test
    void onlyOneSearchOfATenantRunsAtATime() throws Exception {
        var lane = new SearchLane();
        var entered = new CountDownLatch(1);
        var end = new CompletableFuture<String>();
        var first =
                CompletableFuture.supplyAsync(() ->
                        inLane(
                                lane,
                                BIG,
                                () -> {
                                    entered.countDown();
                                    return end.join();
                                }));
        entered.await();

        assertThat(inLane(lane, BIG, () -> "second")).isEmpty();
        assertThat(inLane(lane, StoreNode.TENANT, () -> "other")).contains("other");
        end.complete("first");
        assertThat(first.join()).contains("first");
        assertThat(inLane(lane, BIG, () -> "third")).contains("third");
    }

    /** Row 8: a caller that asks without end waits for itself. */
    @Test
    void callersLookUpOneCallAtATimeAndNoneKeepsTheOthersWaiting() throws Exception {
        var lane = new SearchLane(2);
        var entered = new CountDownLatch(1);
        var end = new CompletableFuture<String>();
        var first =
                CompletableFuture.supplyAsync(() ->
                        inLane(
                                lane,
                                caller(BIG, "user:ada"),
                                () -> {
                                    entered.countDown();
                                    return end.join();
                                }));
        entered.await();

        assertThat(inLane(lane, caller(BIG, "user:ada"), () -> "again")).isEmpty();
        assertThat(inLane(lane, caller(StoreNode.TENANT, "user:ada"), () -> "other"))
                .contains("other");
        end.complete("first");
        assertThat(first.join()).contains("first");
        assertThat(inLane(lane, caller(BIG, "user:bob"), () -> "then")).contains("then");
        assertThat(lane.known()).as("whoever has nothing under way is forgotten").isZero();
    }

    private static Principal caller(TenantId tenant, String subject) {
        return new Principal(tenant, subject, "key", Set.of(), Set.of());
    }

    private static Optional<String> inLane(
            SearchLane lane, Principal caller, java.util.function.Supplier<String> work) {
        try {
            return lane.run(caller, work);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Attack 4: what is in no index is found by nobody. */
    @Test
    void aMarkBeyondTheLogIsReported() {
        FaultyPostgres.execute(database, "select audit_index('acme', 1)");
        FaultyPostgres.execute(
                database, "update audit_search_mark set next = next + 100000 where log = 'acme'");
        eventually()
                .untilAsserted(() ->
                        assertThat(node.store().remarks())
                                .containsExactly("search_index_contradiction"));
        assertThat(node.store().trouble()).isEmpty();

        FaultyPostgres.execute(database, "update audit_search_mark set next = 0");
        eventually().untilAsserted(() -> assertThat(node.store().remarks()).isEmpty());
    }

    /** What the database makes of a record is what a verifier expects of it. */
    @Test
    void theIndexOfStrangeRecordsAgreesWithThem() throws InterruptedException {
        for (var name : List.of("t", "\"\\u0000\ud83d\ude00", "n\0l", "\u00e9".repeat(200))) {
            note(name);
        }
        note("\ud83d\ude00".repeat(201));
        note("x".repeat(600));
        node.store().audit().checkpoint(StoreNode.TENANT);
        FaultyPostgres.execute(database, "select audit_index('acme', 1000)");

        assertThat(FaultyPostgres.column(database, "select tool from audit_search where run = 'r'"))
                .hasSize(5);
        node.assertVerified();
    }

    private void note(String name) throws InterruptedException {
        var tool = new AuditRecord.Tool("s" + name, name, "", "", List.of(), ToolReview.NONE);
        var who = new AuditRecord.Who("acme", "p" + name, "", "", "", "");
        var record =
                StoreNode.deniedRecord()
                        .with(who)
                        .with(
                                AuditRecord.What.op("o")
                                        .with(tool)
                                        .with(new AuditRecord.Turn("r", 1, "")))
                        .with(AuditRecord.Decision.allow("reads", "sha256:77", 12));
        assertThat(node.store().trail().append(new TrailEntry.Fact(record)))
                .isInstanceOf(Appended.Written.class);
    }

    @Test
    void theIndexIsOnlyEverAddedTo() {
        for (var statement :
                List.of(
                        "update audit_search set kind = 'x'",
                        "delete from audit_search",
                        "truncate audit_search")) {
            assertThatThrownBy(() -> FaultyPostgres.execute(database, statement))
                    .hasStackTraceContaining("append-only");
        }
    }

    private static Optional<String> inLane(
            SearchLane lane, TenantId tenant, java.util.function.Supplier<String> work) {
        try {
            return lane.run(tenant, work);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A second between records; number 17 has what no other has, 18 and 19 are garbled. */
    private void fill() {
        FaultyPostgres.execute(
                database,
                """
                insert into audit_intake (writer, epoch, wseq, log, kind, ts, leaf, hash)
                select 'w', 1, n, 'big',
                    case when n = 17 then 'rare' when n in (18, 19) then 'garbled'
                        when n % 2 = 0 then 'call.intent' else 'call.outcome' end,
                    n::bigint * 1000000,
                    case n when 17 then convert_to('{"who":{"client":"rare","subject":"rare"},"what":{"tool":'
                            '{"server":"rare","name":"rare"},"turn":{"run":"rare"}},"decision":'
                            '{"effect":"rare"},"result":{"status":"rare"}}', 'UTF8')
                        when 18 then '\\xff'::bytea
                        when 19 then convert_to('{"who":{"subject":"p\\\\u0000"}}', 'UTF8')
                        else convert_to(json_build_object(
                            'who', json_build_object('subject', 'p' || n % 50,
                                'client', 'k' || n % 50),
                            'what', json_build_object('tool', json_build_object(
                                'server', 's' || n % 10, 'name', 't' || n % 100),
                                'turn', json_build_object('run', 'r' || n / 5)),
                            'decision', case when n % 2 = 0
                                then json_build_object('effect', 'allow') end,
                            'result', case when n % 2 = 1
                                then json_build_object('status', 'ok') end)::text, 'UTF8') end,
                    '\\x00'::bytea
                from generate_series(0, ROWS - 1) n;
                insert into audit_leaf (log, index, writer, epoch, wseq, hash)
                select 'big', n, 'w', 1, n, '\\x00'::bytea from generate_series(0, ROWS - 1) n
                """
                        .replace("ROWS", Integer.toString(ROWS)));
        assertThat(FaultyPostgres.column(database, "select audit_index('big', " + ROWS + ")"))
                .containsExactly(Integer.toString(ROWS));
        FaultyPostgres.execute(database, "analyze audit_search, audit_leaf, audit_intake");
    }

    private List<String> places(AuditQuery query) {
        var search = new AuditSearch(BIG, query);
        return FaultyPostgres.column(
                database,
                "select index from (" + search.sql() + ") page",
                search.values().toArray());
    }

    private String plan(AuditQuery query) {
        var search = new AuditSearch(BIG, query);
        return String.join(
                "\n",
                FaultyPostgres.column(
                        database,
                        "explain (analyze, buffers, timing off) " + search.sql(),
                        search.values().toArray()));
    }

    /** Of the whole statement: its first line says so. */
    private static long buffers(String plan) {
        var first = BUFFERS.matcher(plan);
        assertThat(first.find()).as(plan).isTrue();
        return Long.parseLong(first.group(1))
                + (first.group(2) == null ? 0 : Long.parseLong(first.group(2)));
    }
}
