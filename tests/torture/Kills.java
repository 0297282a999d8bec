import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * {@code kill -9} under load: of the gateway, every third time with its database, every sixth time
 * of the database alone. Nothing that a client was told may be lost, nothing may run twice or
 * without its intent, and every intent has one outcome in the end.
 */
final class Kills {
    private static final int CLIENTS = 8;

    /** Of the bars: on a quiet machine. */
    private static final Duration READY = Duration.ofSeconds(10);

    private final World world;
    private final Upstream upstream;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger texts = new AtomicInteger();
    private final LongAdder cut = new LongAdder();
    private volatile boolean stopping;
    private volatile List<String> keys = List.of();

    private Kills(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    static Verdict run(Torture.Scale scale) throws IOException {
        try (var upstream = new Upstream();
                var world = World.start()) {
            upstream.lists(Kills::tools);
            return new Kills(world, upstream).tortured(scale.cycles(60, 2));
        }
    }

    /** One for each client, so that effects and intents of one client can be counted apart. */
    private static String tools() {
        return IntStream.range(0, CLIENTS)
                .mapToObj(it -> Upstream.tool("echo" + it))
                .toList()
                .toString();
    }

    private Verdict tortured(int cycles) throws IOException {
        world.newTenant("kills");
        world.serve("kills", "u", upstream, "read");
        world.policy("kills", "rules:\n  - {id: all, effect: allow, tools: [\"u/*\"]}\n");
        keys = IntStream.range(0, CLIENTS).mapToObj(it -> world.newKey("kills", "user:c" + it)).toList();
        IntStream.range(0, CLIENTS).forEach(it -> threads.execute(() -> load(it)));

        var ready = new ArrayList<Duration>();
        long early = 0;
        for (int cycle = 1; cycle <= cycles; cycle++) {
            awaitCalls();
            ready.add(killed(cycle));
            early += effectsWithoutIntent();
            System.out.printf(
                    "kills: %d of %d, %d acknowledged, ready after %d ms%n",
                    cycle, cycles, acknowledged.size(), ready.getLast().toMillis());
        }
        awaitCalls();
        stopping = true;
        threads.close();
        return verdict(ready.stream().sorted().toList(), early);
    }

    private void load(int client) {
        var at = "";
        Client caller = null;
        while (!stopping) {
            if (caller == null || !world.url().equals(at)) {
                at = world.url();
                caller = at.isEmpty() ? null : world.with(keys.get(client));
            }
            if (caller != null) {
                call(caller, client);
            } else {
                World.pause(20);
            }
        }
    }

    private void call(Client caller, int client) {
        var reply = caller.call("u__echo" + client, client + "-" + texts.incrementAndGet());
        if (reply.isCompleted()) {
            acknowledged.add("kills/" + reply.record());
        } else {
            cut.increment();
            World.pause(20); // refused or not there: no use in hurrying
        }
    }

    private void awaitCalls() {
        int before = acknowledged.size();
        World.await(
                Duration.ofSeconds(120),
                "no call comes through any more",
                () -> acknowledged.size() > before + 20);
        World.pause(ThreadLocalRandom.current().nextInt(400));
    }

    /** Kills and starts again, and returns how long it took until calls can be made. */
    private Duration killed(int cycle) throws IOException {
        boolean database = cycle % 3 == 0;
        if (cycle % 6 == 5) {
            world.database().kill();
            long start = System.nanoTime();
            awaitCalls(); // the gateway starts its database again
            return Duration.ofNanos(System.nanoTime() - start);
        }
        world.killGateway();
        if (database) {
            world.database().kill();
        }
        world.launch();
        return world.awaitReady();
    }

    /** What the upstream has seen of a client is at most what is intended for it. */
    private long effectsWithoutIntent() {
        long missing = 0;
        for (int client = 0; client < CLIENTS; client++) {
            var seen = upstream.callsByTool().getOrDefault("echo" + client, new LongAdder()).sum();
            missing += Math.max(0, seen - intents(client));
        }
        return missing;
    }

    private long intents(int client) {
        return world.database().count(
                "select count(*) from audit_intake where intent_key is not null and log = 'kills' and"
                        + " convert_from(leaf, 'UTF8')::jsonb #>> '{what,tool,name}' = 'echo" + client + "'");
    }

    private Verdict verdict(List<Duration> ready, long early) throws IOException {
        World.await(Duration.ofSeconds(90), "intents of killed gateways stay open", () -> openIntents() == 0);
        var recorded =
                List.copyOf(
                        world.database().column(
                                "select outcome_of from audit_intake where outcome_of is not null and log = 'kills'"));
        var told = new HashSet<>(acknowledged);
        recorded.forEach(told::remove);
        var twice =
                world.database().count(
                        "select count(*) from (select outcome_of from audit_intake where outcome_of is not null"
                                + " group by outcome_of having count(*) > 1) as twice");
        long intents =
                world.database().count("select count(*) from audit_intake where intent_key is not null");
        return new Verdict()
                .figure("acknowledged", acknowledged.size())
                .figure("refused or cut", cut.sum())
                .figure("intents", intents)
                .none("acknowledged records lost", told.size())
                .none("effects without intent", early)
                .none("calls run twice", upstream.repeated())
                .none("intents with other than one outcome", twice + openIntents())
                .figure("ready again, median", ready.get(ready.size() / 2).toMillis() + " ms")
                .figure("slowest", ready.getLast().toMillis() + " ms (bar " + READY.toSeconds() + " s, quiet machine)")
                .none("exit code of verify", world.verify("kills", "default"));
    }

    private long openIntents() {
        return world.database().count(
                "select count(*) from audit_intake i where i.intent_key is not null and not exists (select 1 from"
                        + " audit_intake o where o.outcome_of = i.log || '/' || i.writer || ':' || i.epoch || ':' || i.wseq)");
    }
}
