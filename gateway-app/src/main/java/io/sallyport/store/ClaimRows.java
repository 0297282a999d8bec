package io.sallyport.store;

import io.sallyport.chat.Claims;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The claims of chat runs. Equal requests are judged one after the other, under a lock of their
 * own.
 *
 * <p>No commit here waits for the disk. The one that matters, before a tool is called, is on disk
 * with the intent of that call, which is committed later and waits. What a crash of the database
 * loses of the others makes a run look less far than it was.
 */
final class ClaimRows implements Claims {
    /** Looks at runs that requests belong to, of all tenants: half of what calls have. */
    private static final int AT_ONCE = 4;

    private static final byte[] NOTHING = {};

    private static final String WITHOUT_WAITING =
            "(select set_config('synchronous_commit', 'off', true) as commits) here";

    private static final String GRANTED =
            " where here.commits = 'off' and c.tenant = :tenant and c.run = :run"
                    + " and c.generation = :generation";

    private static final String ALIVE =
            """
            c.until > clock_timestamp() and exists (
                select 1 from audit_writer w where w.writer = c.writer
                    and w.epoch = c.epoch and w.expires > clock_timestamp())
            """;

    private final Database database;
    private final Sealer sealer;
    private final WriterLease lease;
    private final SearchLane lane = new SearchLane(AT_ONCE);

    /**
     * @param lease of this gateway: whoever reads a claim sees by it whether its run can go on
     */
    ClaimRows(StoreParts parts, WriterLease lease) {
        database = parts.database();
        sealer = parts.sealer();
        this.lease = lease;
    }

    private record Row(
            String run, String fingerprint, State state, int generation, boolean alive) {}

    /** What becomes of a request whose turn it is. */
    private interface Step {
        /**
         * @param begun when the request was made first, by the clock of the database
         */
        Found take(OffsetDateTime begun);
    }

    @Override
    public Found find(
            Asked request, Optional<String> own, Optional<String> attached, Duration alive)
            throws InterruptedException {
        Step step =
                begun ->
                        row(request, attached, begun)
                                .map(it -> found(request, it, attached, alive))
                                .orElseGet(() -> mine(request, own, alive));
        return lane.run(request.principal(), () -> alone(request, step)).orElseGet(Found.Busy::new);
    }

    @Override
    public Set<String> underWay(TenantId tenant, Set<String> runs) throws InterruptedException {
        return lane.run(tenant, () -> Database.read(() -> underWay(tenant.value(), runs)))
                .orElse(runs);
    }

    private Set<String> underWay(String tenant, Set<String> runs) {
        return database.jdbc()
                .sql(
                        """
                        select run from chat_claim c
                        where tenant = :tenant and run = any(:runs) and %s
                            and state in ('claimed', 'changing', 'between', 'answering')
                        """
                                .formatted(ALIVE))
                .param("tenant", tenant)
                .param("runs", runs.toArray(String[]::new))
                .query((row, _) -> row.getString("run"))
                .set();
    }

    private Found mine(Asked request, Optional<String> own, Duration alive) {
        return own.map(it -> inserted(request, it, State.CLAIMED, alive))
                .orElseGet(Found.Nothing::new);
    }

    /**
     * The newest: of several equal requests it is the one that is most likely made again. One that
     * had ended before is another question.
     */
    private Optional<Row> row(Asked request, Optional<String> attached, OffsetDateTime begun) {
        var tenant = request.principal().tenant();
        return database.jdbc()
                .sql(
                        """
                        select run, fingerprint, state, generation, %s as alive
                        from chat_claim c
                        where tenant = :tenant and identity = :identity
                            and expires > clock_timestamp()
                            and (keyed or run = :attached or state <> 'delivered' and :begun <
                                case when state in ('left', 'failed')
                                    then expires - make_interval(secs => :kept) else until end)
                        order by run = :attached desc, since desc
                        limit 1
                        """
                                .formatted(ALIVE))
                .param("tenant", tenant.value())
                .param("identity", digest(request.identity()))
                .param("attached", attached.orElse(""))
                .param("begun", begun)
                .param("kept", seconds(KEPT))
                .query(ClaimRows::read)
                .optional();
    }

    private static Row read(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("run"),
                row.getString("fingerprint"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("generation"),
                row.getBoolean("alive"));
    }

    /** Read only for who goes on with the run or gets its answer: it may be long. */
    private Optional<byte[]> journal(Asked request, Row row) {
        var context = context(request.principal().tenant(), row.run());
        return of(request, row, "select coalesce(journal, ''::bytea) from chat_claim")
                .query((found, _) -> found.getBytes(1))
                .optional()
                .filter(it -> it.length > 0)
                .map(it -> sealer.open(it, context));
    }

    private static String context(TenantId tenant, String run) {
        return "claim/" + tenant.value() + "/" + run;
    }

    private Found found(Asked request, Row row, Optional<String> attached, Duration alive) {
        if (!row.fingerprint().equals(digest(request.fingerprint()))) {
            return new Found.Mismatch();
        }
        return switch (row.state()) {
            case CLAIMED, CHANGING, BETWEEN, ANSWERING ->
                    row.alive() ? underWay(request, row, attached) : abandoned(request, row, alive);
            case LEFT -> taken(request, row, alive);
            case DELIVERED -> answered(request, row);
            case FAILED -> new Found.Failed(row.run());
        };
    }

    /**
     * An answer that is on its way to somebody else is not this request's, unless it waited for it
     * before; with a key it is, whoever gets it first.
     */
    private Found underWay(Asked request, Row row, Optional<String> attached) {
        var waited = attached.equals(Optional.of(row.run()));
        if (!waited && !request.keyed() && row.state() == State.ANSWERING) {
            return new Found.UnderWay(row.run(), false);
        }
        if (!waited) {
            of(request, row, "update chat_claim set awaited = true").update();
        }
        return new Found.UnderWay(row.run(), true);
    }

    /** Its gateway is gone, or has lost it. */
    private Found abandoned(Asked request, Row row, Duration alive) {
        if (row.state() != State.CHANGING) {
            return taken(request, row, alive);
        }
        of(
                        request,
                        row,
                        "update chat_claim set state = 'failed', generation = generation + 1,"
                                + " expires = clock_timestamp() + make_interval(secs => :kept)")
                .param("kept", seconds(KEPT))
                .update();
        return new Found.Failed(row.run());
    }

    private Found taken(Asked request, Row row, Duration alive) {
        var journal = journal(request, row);
        var next = journal.isPresent() ? State.BETWEEN : State.CLAIMED;
        of(
                        request,
                        row,
                        """
                        update chat_claim set state = :state, generation = generation + 1,
                            exclusive = true, since = clock_timestamp(), writer = :writer, epoch = :epoch,
                            until = clock_timestamp() + make_interval(secs => :alive),
                            expires = clock_timestamp() + make_interval(secs => :kept)
                        """)
                .param("state", name(next))
                .param("writer", lease.writer())
                .param("epoch", lease.epoch())
                .param("alive", seconds(alive))
                .param("kept", seconds(alive.plus(KEPT)))
                .update();
        var grant = new Grant(request.principal(), row.run(), row.generation() + 1);
        return new Found.Unfinished(grant, journal);
    }

    private Found answered(Asked request, Row row) {
        return journal(request, row)
                .<Found>map(it -> new Found.Answered(row.run(), it))
                .orElseGet(() -> new Found.Failed(row.run()));
    }

    private StatementSpec of(Asked request, Row row, String sql) {
        return database.jdbc()
                .sql(sql + " where tenant = :tenant and run = :run")
                .param("tenant", request.principal().tenant().value())
                .param("run", row.run());
    }

    @Override
    public Found claim(Asked request, String run, Duration alive) {
        return alone(
                request,
                begun ->
                        isTaken(request, begun)
                                ? new Found.UnderWay(run, false)
                                : inserted(request, run, State.CHANGING, alive));
    }

    /** Whether it was made again after it began, even if that has its answer already. */
    private boolean isTaken(Asked request, OffsetDateTime begun) {
        return database.jdbc()
                .sql(
                        """
                        select exists (select 1 from chat_claim
                            where tenant = :tenant and identity = :identity and exclusive
                                and since > :begun)
                        """)
                .param("begun", begun)
                .param("tenant", request.principal().tenant().value())
                .param("identity", digest(request.identity()))
                .query(Boolean.class)
                .single();
    }

    private Found inserted(Asked request, String run, State state, Duration alive) {
        var inserted =
                database.jdbc()
                        .sql(
                                """
                                insert into chat_claim (tenant, run, identity, fingerprint,
                                    principal, keyed, exclusive, state, writer, epoch, until,
                                    expires)
                                select :tenant, :run, :identity, :fingerprint, :principal, :keyed,
                                    :exclusive, :state, :writer, :epoch,
                                    clock_timestamp() + make_interval(secs => :alive),
                                    clock_timestamp() + make_interval(secs => :kept)
                                from (select count(*) as n,
                                        count(*) filter (where principal = :principal) as own
                                    from chat_claim
                                    where tenant = :tenant and expires > clock_timestamp()) held
                                where held.own < :most - held.n
                                """)
                        .param("tenant", request.principal().tenant().value())
                        .param("run", run)
                        .param("identity", digest(request.identity()))
                        .param("fingerprint", digest(request.fingerprint()))
                        .param("principal", owner(request.principal()))
                        .param("keyed", request.keyed())
                        .param("exclusive", state == State.CLAIMED)
                        .param("state", name(state))
                        .param("writer", lease.writer())
                        .param("epoch", lease.epoch())
                        .param("alive", seconds(alive))
                        .param("kept", seconds(alive.plus(KEPT)))
                        .param("most", OF_TENANT)
                        .update();
        return inserted == 1
                ? new Found.Claimed(new Grant(request.principal(), run, 1))
                : new Found.Full();
    }

    @Override
    public boolean move(Grant grant, State state, Optional<byte[]> journal, Duration alive) {
        var context = context(grant.principal().tenant(), grant.run());
        var sealed = journal.map(it -> sealer.seal(it, context)).orElse(NOTHING);
        var kept = state.isOver() ? KEPT : alive.plus(KEPT);
        return Database.read(() ->
                state == State.DELIVERED && forgotten(grant, "and not exclusive and not awaited")
                        || moved(grant, state, sealed, alive, kept));
    }

    private boolean moved(Grant grant, State state, byte[] sealed, Duration alive, Duration kept) {
        return granted(
                                grant,
                                """
                                update chat_claim c set state = :state,
                                    journal = coalesce(nullif(:journal, ''::bytea), journal),
                                    until = clock_timestamp() + make_interval(secs => :alive),
                                    expires = clock_timestamp() + make_interval(secs => :kept)
                                from\
                                """
                                        + " "
                                        + WITHOUT_WAITING
                                        + GRANTED)
                        .param("state", name(state))
                        .param("journal", sealed)
                        .param("alive", seconds(alive))
                        .param("kept", seconds(kept))
                        .update()
                == 1;
    }

    @Override
    public void release(Grant grant) {
        var _ = Database.read(() -> forgotten(grant, ""));
    }

    private boolean forgotten(Grant grant, String only) {
        var delete = "delete from chat_claim c using " + WITHOUT_WAITING + GRANTED + " " + only;
        return granted(grant, delete).update() == 1;
    }

    private StatementSpec granted(Grant grant, String sql) {
        return database.jdbc()
                .sql(sql)
                .param("tenant", grant.principal().tenant().value())
                .param("run", grant.run())
                .param("generation", grant.generation());
    }

    /** However long it waits for its turn, nothing of that time is missing before it. */
    private Found alone(Asked request, Step step) {
        return Database.read(() ->
                Objects.requireNonNull(
                        database.transactions()
                                .execute(_ -> {
                                    var now = locked(request);
                                    var age = System.nanoTime() - request.begun();
                                    return step.take(now.minusNanos(age));
                                })));
    }

    /**
     * @return when the request's turn has come, by the clock of the database
     */
    private OffsetDateTime locked(Asked request) {
        return database.jdbc()
                .sql(
                        """
                        select set_config('synchronous_commit', 'off', true),
                            pg_advisory_xact_lock(hashtextextended(:identity, 0)),
                            clock_timestamp() as now
                        """)
                .param("identity", digest(request.identity()))
                .query((row, _) -> row.getObject("now", OffsetDateTime.class))
                .single();
    }

    /** Deletes what is over; called from time to time. */
    static void forget(Database database) {
        database.jdbc().sql("delete from chat_claim where expires < clock_timestamp()").update();
    }

    private String owner(Principal principal) {
        return digest(principal.tenant().value() + '\0' + principal.subject());
    }

    private String digest(String text) {
        return sealer.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
