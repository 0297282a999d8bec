import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database that is silent, gone, or has no room left. Everything is refused in time and says why,
 * nothing reaches an upstream, and when the database is back calls are, too.
 */
final class Disk {
    /** Of the bars: a refusal within two seconds; the rest is the way there and back. */
    private static final Duration REFUSED_WITHIN = Duration.ofMillis(2_500);

    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

    private static final int IN_A_ROW = 10;

    /** What PostgreSQL needs for itself, and little more. */
    private static final String SIZE = "420m";

    private final World world;
    private final Upstream upstream;
    private final Verdict verdict = new Verdict();
    private final AtomicInteger texts = new AtomicInteger();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private Client known;
    private int slack = 1;

    private Disk(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    static Verdict run(Torture.Scale scale) throws IOException {
        var folder = Files.createTempDirectory("sallyport-torture");
        var small = Files.createDirectory(folder.resolve("small"));
        boolean limited =
                World.run(
                                Duration.ofSeconds(10),
                                List.of("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", small.toString()))
                        == 0;
        try (var upstream = new Upstream();
                var world = World.start(folder, (limited ? small : folder).resolve("data"), Map.of())) {
            return new Disk(world, upstream).tortured(scale, limited ? small : null);
        } finally {
            if (limited) {
                World.run(Duration.ofSeconds(10), List.of("umount", "-l", small.toString()));
            }
            World.delete(folder);
        }
    }

    private Verdict tortured(Torture.Scale scale, Path small) throws IOException {
        world.newTenant("disk");
        world.serve("disk", "u", upstream, "read");
        world.policy("disk", "rules:\n  - {id: all, effect: allow, tools: [\"u/*\"]}\n");
        world.model("disk", "plain", upstream, "");
        known = world.with(world.newKey("disk", "user:known")).greet();
        call(known);

        int seconds = scale.seconds(15, 3);
        slack = scale.slack();
        outage("frozen", seconds, this::freeze);
        outage("stopped", seconds, this::stop);
        if (small == null) {
            System.out.println("disk: no full disk was tried, because a tmpfs can be mounted by root only");
        } else {
            outage("full", seconds, () -> fill(small));
        }
        return verdict.none("acknowledged records lost", lost())
                .none("exit code of verify", world.verify("disk"));
    }

    /** Breaks something, and returns what mends it. */
    private interface Fault {
        Runnable begin() throws IOException;
    }

    private Runnable freeze() {
        var pids = world.database().pids();
        world.database().freeze();
        return () -> world.database().thaw(pids);
    }

    private Runnable stop() {
        return world.database().keepDown();
    }

    private Runnable fill(Path small) throws IOException {
        var ballast = small.resolve("ballast");
        World.run(
                Duration.ofSeconds(60),
                List.of("dd", "if=/dev/zero", "of=" + ballast, "bs=64k"));
        // What fits into room that the database had set aside is written; then nothing is.
        var refused = new AtomicInteger();
        World.await(
                Duration.ofSeconds(180),
                "calls go on with a full disk",
                () -> refused.updateAndGet(it -> isRefused() ? it + 1 : 0) >= IN_A_ROW);
        return () -> {
            try {
                Files.delete(ballast);
            } catch (IOException e) {
                throw new Failure("the disk stays full", e);
            }
        };
    }

    private boolean isRefused() {
        return call(known).status() == 503 && known.chat("plain", false).status() == 503;
    }

    private void outage(String name, int seconds, Fault fault) throws IOException {
        var strangers = new ArrayList<Client>();
        for (int i = 0; i < 3; i++) {
            strangers.add(world.with(world.newKey("disk", "user:new-%s-%d".formatted(name, i))));
        }
        var mend = fault.begin();
        long calls = upstream.calls();
        long completions = upstream.completions();
        var refusals = refusals(strangers, seconds);
        refusals.stream()
                .filter(it -> it.status() != 503 || !isReason(it.code()))
                .map(it -> "disk: " + name + " was answered " + it.status() + " " + it.code())
                .distinct()
                .limit(5)
                .forEach(System.out::println);
        boolean ready = known.get("/readyz").status() == 200;
        long reached = upstream.calls() - calls;
        completions = upstream.completions() - completions;
        long back = back(mend);

        verdict.figure(name + ": refused", refusals.stream().filter(it -> it.status() == 503).count())
                .none(name + ": not refused with 503", refusals.stream().filter(it -> it.status() != 503).count())
                .none(name + ": of another reason", refusals.stream().filter(it -> it.status() == 503 && !isReason(it.code())).count())
                .atMost(name + ": slowest refusal ms", refusals.stream().mapToLong(Refusal::took).max().orElse(0), REFUSED_WITHIN.toMillis() * slack)
                .none(name + ": calls upstream", reached)
                .figure(name + ": completions asked for and withheld", completions)
                .holds(name + ": not ready meanwhile", !ready)
                .atMost(name + ": back after ms", back, BACK_WITHIN.toMillis() * slack);
        System.out.printf("disk: %s, back after %d ms%n", name, back);
    }

    private record Refusal(int status, String code, long took) {}

    private static boolean isReason(String code) {
        return code.equals("store_unavailable") || code.equals("audit_unavailable");
    }

    /** Callers that are known and some that are not, on both faces, for so many seconds. */
    private List<Refusal> refusals(List<Client> strangers, int seconds) {
        var found = new ConcurrentLinkedQueue<Refusal>();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> repeat(end, found, () -> call(known)));
            threads.execute(() -> repeat(end, found, () -> known.chat("plain", false)));
            threads.execute(() -> repeat(end, found, () -> known.chat("plain", true)));
            for (var stranger : strangers) {
                threads.execute(() -> repeat(end, found, () -> stranger.chat("plain", false)));
            }
        }
        return List.copyOf(found);
    }

    private static void repeat(long end, Queue<Refusal> found, java.util.function.Supplier<Client.Reply> call) {
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            var reply = call.get();
            var took = Duration.ofNanos(System.nanoTime() - start).toMillis();
            found.add(new Refusal(reply.status(), reply.code(), took));
            World.pause(50);
        }
    }

    /** Mends, and returns after how many milliseconds a call is completed. */
    private long back(Runnable mend) {
        mend.run();
        long start = System.nanoTime();
        World.await(Duration.ofSeconds(120), "no call is completed any more", () -> call(known).isCompleted());
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private Client.Reply call(Client caller) {
        var reply = caller.call("u__echo", "disk-" + texts.incrementAndGet());
        if (reply.isCompleted()) {
            acknowledged.add("disk/" + reply.record());
        }
        return reply;
    }

    private long lost() {
        var told = new HashSet<>(acknowledged);
        world.database().column("select outcome_of from audit_intake where outcome_of is not null").forEach(told::remove);
        return told.size();
    }
}
