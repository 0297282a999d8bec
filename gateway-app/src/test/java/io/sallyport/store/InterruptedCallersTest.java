package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gate.ApprovalDesk;
import io.sallyport.policy.TenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that leaves interrupts the thread of its request, wherever that thread is. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class InterruptedCallersTest {
    private static final int STORM = 300;

    /** An answer takes a millisecond or two: the storm hits every moment of an operation. */
    private static final long LONGEST_NANOS = 4_000_000;

    /** A connection is awaited for 1.5 s, an answer for 2 s; and what a busy machine adds. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(6);

    private static final String CONNECTIONS =
            "select pid from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid() and backend_type = 'client backend'";

    private static final String WAITING = "select 1 from pg_locks where not granted";

    /** A lock is waited for 1.5 s at most, so who waits must be seen at once. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private static final String EPOCH = "select epoch from audit_writer where writer = 'a-c'";

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;
    private StoreNode node;

    private record Answer<T>(T value, boolean interrupted) {}

    private record Caller<T>(Thread thread, FutureTask<Answer<T>> answer) {
        static <T> Caller<T> of(Callable<T> operation) {
            var task =
                    new FutureTask<>(() -> {
                        var value = operation.call();
                        return new Answer<>(value, Thread.currentThread().isInterrupted());
                    });
            return new Caller<>(Thread.ofVirtual().start(task), task);
        }
    }

    InterruptedCallersTest(FaultyPostgres postgres) {
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

    @Test
    void aReadOfApprovalsIsFinished() throws Exception {
        assertFinished(
                "lock table approval",
                () ->
                        node.store()
                                .approvals()
                                .list(StoreNode.TENANT, ApprovalDesk.Query.ALL)
                                .approvals(),
                List.of());
    }

    @Test
    void aViewIsLoadedWhole() throws Exception {
        var view = node.store().views().view(StoreNode.TENANT);
        assertFinished(
                "lock table governance",
                () -> node.store().views().refreshed(view).sequence(),
                view.sequence());
    }

    @Test
    void aKeyOfTheVaultIsMade() throws Exception {
        assertFinished(
                "lock table audit_keys.pseudonym",
                () -> node.store().payloads().pseudonym(StoreNode.TENANT, "user:new").length(),
                34);
    }

    @Test
    void aChangeIsMadeAndRecordedInTheEpochThatItBeganIn() throws Exception {
        var epoch = FaultyPostgres.column(database, EPOCH);

        assertFinished("lock table tenant", () -> node.createTenant("other"), true);

        assertThat(node.createTenant("next")).isTrue();
        assertThat(FaultyPostgres.column(database, EPOCH)).isEqualTo(epoch);
        node.assertVerified();
    }

    private <T> void assertFinished(String lock, Callable<T> operation, T expected)
            throws Exception {
        var before = FaultyPostgres.column(database, CONNECTIONS);
        Caller<T> caller;
        try (var held = FaultyPostgres.hold(database, lock)) {
            caller = Caller.of(operation);
            eventually().pollInterval(LOOK).until(() -> isAwaited(held));
            caller.thread().interrupt();
        }

        caller.thread().join();
        assertThat(FaultyPostgres.column(database, CONNECTIONS)).containsAll(before);
        assertThat(caller.answer().get()).isEqualTo(new Answer<>(expected, true));
    }

    private static boolean isAwaited(FaultyPostgres.Held held) throws SQLException {
        try (var statement = held.connection().createStatement();
                var waiting = statement.executeQuery(WAITING)) {
            return waiting.next();
        }
    }

    @Test
    void aStormOfClientsThatLeaveCostsNoConnectionAndLeavesNoChangeInDoubt() throws Exception {
        var epoch = FaultyPostgres.column(database, EPOCH);
        var before = FaultyPostgres.column(database, CONNECTIONS);

        var callers = IntStream.range(0, STORM).mapToObj(this::leaveAtSomeMoment).toList();

        for (var caller : callers) {
            caller.thread().join();
        }
        assertThat(FaultyPostgres.column(database, CONNECTIONS)).containsAll(before);
        for (var caller : callers) {
            assertThat(caller.answer().get().value()).isTrue();
        }
        assertThat(FaultyPostgres.column(database, EPOCH)).isEqualTo(epoch);
        assertThat(recordedTenants()).isEqualTo(tenantsThatWereAsked());
        node.assertVerified();
    }

    private Caller<Boolean> leaveAtSomeMoment(int number) {
        var caller = Caller.of(operation(number));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_NANOS));
        caller.thread().interrupt();
        return caller;
    }

    private Callable<Boolean> operation(int number) {
        var store = node.store();
        var view = store.views().view(StoreNode.TENANT);
        return switch (number % 4) {
            case 0 -> () -> node.createTenant("t" + number);
            case 1 -> () -> store.approvals().find(StoreNode.TENANT, "none").isEmpty();
            case 2 -> () -> store.views().refreshed(view).sequence() == view.sequence();
            default ->
                    () -> store.payloads().pseudonym(StoreNode.TENANT, "u" + number).length() > 0;
        };
    }

    private List<String> recordedTenants() {
        return FaultyPostgres.column(
                database,
                "select log from audit_intake where kind = 'config.changed' and log like 't%'"
                        + " order by log");
    }

    private static List<String> tenantsThatWereAsked() {
        var asked = new ArrayList<String>();
        for (int number = 0; number < STORM; number += 4) {
            asked.add("t" + number);
        }
        return asked.stream().sorted().toList();
    }

    @Test
    void anOperationThatNobodyAwaitsAnyMoreEndsWhenTheStoreIsSilent() throws Exception {
        Caller<?> caller;
        postgres.freeze();
        try {
            caller = Caller.of(() -> node.store().settings().tenants());
            caller.thread().interrupt();
            assertThat(caller.thread().join(ENDS_WITHIN)).isTrue();
        } finally {
            postgres.thaw();
        }

        assertThatThrownBy(caller.answer()::get).hasCauseInstanceOf(StoreUnavailable.class);
        eventually()
                .untilAsserted(() -> assertThat(node.store().settings().tenants()).isNotEmpty());
    }

    @Test
    void aCallerThatWasInterruptedBeforeItCameIsServedAndStaysInterrupted() throws Exception {
        var caller =
                Caller.of(() -> {
                    Thread.currentThread().interrupt();
                    return node.store().settings().policy(new TenantId("acme"));
                });

        assertThat(caller.answer().get()).isEqualTo(new Answer<>(Optional.empty(), true));
    }
}
