import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;

/** Tenant B, which does what tenants do: it reads, writes with approval, and streams chats. */
final class Tenant {
    private static final int REQUESTS_PER_SECOND = 20;
    private static final int CALLERS = 10;
    private static final int MAX_COMPLAINTS = 50;

    private final World world;
    private final Upstream upstream;
    private final Client[] callers = new Client[CALLERS];
    private final AtomicInteger complaints = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Boolean> written = new ConcurrentHashMap<>();

    private Tenant(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    static Tenant ofB(World world, Upstream upstream) {
        var b = new Tenant(world, upstream);
        world.newTenant("b");
        world.serve("b", "u", upstream, "write");
        world.policy(
                "b",
                "rules:\n  - {id: reads, effect: allow, tools: [\"u/echo\"]}\n"
                        + "  - {id: writes, effect: require_approval, tools: [\"u/write\"]}\n");
        world.model("b", "plain", upstream, "");
        for (int i = 0; i < CALLERS; i++) {
            b.callers[i] = world.with(world.newKey("b", "user:b" + i)).greet();
        }
        return b;
    }

    /**
     * What B had in one phase.
     *
     * @param p99 milliseconds from when a request was due until it was done
     * @param livez the slowest answer of {@code /livez}, in milliseconds
     */
    record Load(int requests, double p50, double p99, long refused, double livez) {
        @Override
        public String toString() {
            return "%d requests, p50 %.0f ms, p99 %.0f ms, %d refused, /livez at most %.0f ms"
                    .formatted(requests, p50, p99, refused, livez);
        }
    }

    /** Twenty requests a second, each when it is due, however slow the others are. */
    Load during(int seconds) {
        Queue<Double> times = new ConcurrentLinkedQueue<>();
        var refused = new AtomicInteger();
        var livez = new LongAccumulator(Math::max, 0);
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> watch(livez, start + Duration.ofSeconds(seconds).toNanos()));
            for (int i = 0; i < seconds * REQUESTS_PER_SECOND; i++) {
                long due = start + i * 1_000_000_000L / REQUESTS_PER_SECOND;
                World.pause(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                int number = numbers.incrementAndGet();
                threads.execute(() -> {
                    if (!request(number)) {
                        refused.incrementAndGet();
                    }
                    times.add((System.nanoTime() - due) / 1e6);
                });
            }
        }
        var sorted = times.stream().sorted().toList();
        return new Load(
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1),
                refused.get(),
                livez.get() / 1e6);
    }

    private void watch(LongAccumulator slowest, long end) {
        var asker = world.with("");
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            asker.get("/livez");
            slowest.accumulate(System.nanoTime() - start);
            World.pause(100);
        }
    }

    /** Of ten requests six read, two write with an approval, two stream a chat. */
    private boolean request(int number) {
        var caller = callers[number % CALLERS];
        var reply =
                switch (number % 10) {
                    case 3, 7 -> write(caller, "b-" + number);
                    case 5, 9 -> caller.chat("plain", true);
                    default -> caller.call("u__echo", "b-" + number);
                };
        boolean good =
                number % 10 == 5 || number % 10 == 9
                        ? reply.status() == 200 && reply.body().contains("[DONE]") && !reply.body().contains("\"error\"")
                        : reply.isCompleted();
        if (!good && complaints.incrementAndGet() <= MAX_COMPLAINTS) {
            System.out.println("neighbour: B was told " + reply.status() + " " + reply.code() + " "
                    + reply.body().substring(0, Math.min(160, reply.body().length())).replace('\n', ' '));
        }
        return good;
    }

    private Client.Reply write(Client caller, String text) {
        var asked = caller.call("u__write", text);
        var id = asked.status() == 200 ? asked.json().at("/result/_meta/io.sallyport~1refusal/approvalId").asString("") : "";
        if (id.isEmpty()) {
            return asked;
        }
        var decided =
                world.admin("b")
                        .post("/admin/v1/approvals/" + id + "/decision", "{\"decision\":\"approve\",\"reason\":\"fine\"}");
        if (decided.status() != 200) {
            return decided;
        }
        var reply = caller.call("u__write", text);
        if (reply.isCompleted()) {
            written.put(text, true);
        }
        return reply;
    }

    /** Writes that B was told are done and the upstream did not see exactly once. */
    long writtenOtherThanOnce() {
        return written.keySet().stream().filter(it -> upstream.effects(it) != 1).count();
    }
}
