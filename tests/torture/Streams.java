import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Streamed completions: a thousand at once to one provider, then thousands whose clients leave at
 * random moments. None may be refused with the defaults, and nothing of one that left may stay.
 */
final class Streams {
    /** As many clients are leaving at the same time; the gateway is not asked for more than that. */
    private static final int LEAVING_AT_ONCE = 200;

    private static final Duration GONE = Duration.ofSeconds(5);
    private static final Duration STOPPED = Duration.ofSeconds(10);

    private static final String RUNS =
            "select convert_from(leaf, 'UTF8')::jsonb #>> '{what,turn,run}' as run,"
                    + " count(*) filter (where kind = 'chat.request') as begun,"
                    + " count(*) filter (where kind = 'chat.response') as ended from audit_intake"
                    + " where log = 'streams' and kind in ('chat.request', 'chat.response') group by 1";

    private final World world;
    private final String key;
    private final Upstream upstream;
    private final LongAdder refused = new LongAdder();
    private final LongAdder whole = new LongAdder();

    private Streams(World world, String key, Upstream upstream) {
        this.world = world;
        this.key = key;
        this.upstream = upstream;
    }

    static Verdict run(Torture.Scale scale) throws Exception {
        try (var upstream = new Upstream();
                var world = World.start()) {
            world.newTenant("streams");
            world.serve("streams", "u", upstream, "read");
            world.policy("streams", "rules:\n  - {id: all, effect: allow, tools: [\"u/*\"]}\n");
            world.admin("streams").put("/admin/v1/toolsets/all", "{\"tools\":[\"u/echo\"]}").ok();
            world.model("streams", "plain", upstream, "");
            world.model("streams", "tools", upstream, ",\"toolset\":\"all\"");
            var key = world.newKey("streams", "user:ada");
            return new Streams(world, key, upstream).tortured(scale);
        }
    }

    private Verdict tortured(Torture.Scale scale) throws Exception {
        upstream.pauses(scale.of(500, 100));
        int together = scale.of(1_000, 300);
        together(together);
        long refusedTogether = refused.sum();
        long wholeTogether = whole.sum();
        upstream.pauses(20);
        int leavers = scale.cycles(5_000, 300);
        leave(leavers);
        return new Verdict()
                .figure("streams at once", together)
                .none("refused of them", refusedTogether)
                .none("cut short of them", together - refusedTogether - wholeTogether)
                .figure("clients that left", leavers)
                .none("runs left " + GONE.toSeconds() * scale.slack() + " s later", left(scale.slack()))
                .holds("a stop in time", stopsIn(STOPPED.multipliedBy(scale.slack())));
    }

    private void together(int count) throws InterruptedException {
        var all = new CountDownLatch(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                var model = i % 2 == 0 ? "plain" : "tools";
                threads.execute(() -> {
                    listen(model);
                    all.countDown();
                });
            }
            all.await();
        }
    }

    private void listen(String model) {
        var reply = world.with(key).chat(model, true);
        if (reply.status() != 200 || reply.body().contains("\"error\"")) {
            refused.increment();
            if (refused.sum() <= 3) {
                System.out.println("streams: " + reply.status() + " " + reply.body().lines().filter(it -> it.contains("\"error\"")).findFirst().orElse("nothing"));
            }
        } else if (reply.body().contains("[DONE]")) {
            whole.increment();
        }
    }

    private void leave(int count) throws InterruptedException {
        var room = new Semaphore(LEAVING_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                room.acquire();
                var model = i % 2 == 0 ? "plain" : "tools";
                threads.execute(() -> {
                    leave(model);
                    room.release();
                });
            }
        }
    }

    /** Begins a stream and closes the connection within 300 ms. */
    private void leave(String model) {
        var gateway = world.with(key).gateway();
        var body = Client.completion(model, true);
        try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: " + gateway.getAuthority()
                                    + "\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            World.pause(ThreadLocalRandom.current().nextInt(300));
        } catch (IOException e) {
            System.out.println("streams: " + e);
        }
    }

    /** Runs that have no end in the log after so long, or two. */
    private long left(int slack) {
        long end = System.nanoTime() + GONE.multipliedBy(slack).toNanos();
        World.pause(1_000); // what was sent last has begun by then
        var found = unended();
        while (!found.isEmpty() && System.nanoTime() < end) {
            World.pause(500);
            found = unended();
        }
        found.forEach(it -> System.out.println("streams: " + it));
        return found.size();
    }

    private List<String> unended() {
        return world.database()
                .column(
                        "select coalesce(run, 'a run') || ' began ' || begun || ', ended ' || ended from (" + RUNS
                                + ") as runs where begun <> ended");
    }

    private boolean stopsIn(Duration bound) {
        long start = System.nanoTime();
        world.stop();
        return Duration.ofNanos(System.nanoTime() - start).compareTo(bound) < 0;
    }
}
