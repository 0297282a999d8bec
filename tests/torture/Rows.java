import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * A long log: what is searched in it answers within a second, and searching stops nobody's calls.
 */
final class Rows {
    /** Of the bars: a page of the log, whatever is filtered, at a million records. */
    private static final Duration PAGE = Duration.ofSeconds(1);

    private static final String[] FILTERS = {
        "", "kind=call.denied", "tool=echo", "server=u", "decision=deny", "principal=user:nobody",
        "run=run_nothing", "from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z", "tool=echo&decision=allow",
        "kind=catalog.changed"
    };

    private Rows() {}

    static Verdict run(Torture.Scale scale) throws IOException {
        try (var upstream = new Upstream();
                var world = World.start()) {
            for (var tenant : new String[] {"rows", "other"}) {
                world.newTenant(tenant);
                world.serve(tenant, "u", upstream, "read");
                world.policy(tenant, "rules:\n  - {id: all, effect: allow, tools: [\"u/echo\"]}\n");
            }
            fill(world, "rows", scale.cycles(400_000, 3_000));
            return searched(world, scale);
        }
    }

    /** Calls until the tenant's log has so many records; two for each call. */
    static void fill(World world, String tenant, int rows) {
        var left = new AtomicInteger(rows / 2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var caller = world.with(world.newKey(tenant, "user:filler" + i)).greet();
                threads.execute(() -> {
                    for (int n = left.getAndDecrement(); n > 0; n = left.getAndDecrement()) {
                        caller.call("u__echo", tenant + "-" + n);
                        if (n % 20_000 == 0) {
                            System.out.printf("rows: %d records to go%n", n * 2);
                        }
                    }
                });
            }
        }
    }

    private static Verdict searched(World world, Torture.Scale scale) {
        int seconds = scale.seconds(30, 4);
        var caller = world.with(world.newKey("other", "user:other")).greet();
        var admin = world.admin("rows");
        var pages = new LongAdder();
        var failures = new LongAdder();
        var calls = new LongAdder();
        var refused = new LongAdder();
        var slowest = new LongAccumulator(Math::max, 0);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var filter : FILTERS) {
                threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        var reply = admin.get("/admin/v1/audit?" + filter);
                        if (reply.status() == 200) {
                            pages.increment();
                            slowest.accumulate((System.nanoTime() - start) / 1_000_000);
                        } else if (reply.status() != 429 && reply.status() != 503 && reply.status() != 400) {
                            failures.increment(); // told to wait or to narrow it is an answer
                            System.out.println("rows: " + reply.status() + " " + reply.body());
                        } else {
                            World.pause(100);
                        }
                    }
                });
            }
            while (System.nanoTime() < end) {
                calls.increment();
                if (!caller.call("u__echo", "other-" + calls.sum()).isCompleted()) {
                    refused.increment();
                }
            }
        }
        return new Verdict()
                .figure("records", world.database().count("select count(*) from audit_intake where log = 'rows'"))
                .atLeast("pages", pages.sum(), 1)
                .atMost("slowest page ms", slowest.get(), PAGE.toMillis() * scale.slack())
                .none("searches that failed", failures.sum())
                .figure("calls of another tenant meanwhile", calls.sum())
                .none("of them not completed", refused.sum());
    }
}
