import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The noisy neighbour: tenant A does one harmful thing after the other, tenant B makes twenty
 * requests a second throughout and must not notice. A's clients and servers are processes at nice 15.
 */
final class Neighbour {
    /** What B may lose: five times what it has in quiet, or this. */
    private static final double P99_FLOOR = 500;

    private static final double P99_FACTOR = 5;
    private static final double LIVEZ = 1_000;

    /** The heap is measured after a collection; caches may be a little fuller than before. */
    private static final double HEAP_FACTOR = 1.3;

    private static final double HEAP_MORE = 64;
    private static final Map<String, String> OPTIONS = Map.of("SALLYPORT_JAVA_OPTS", "-Xmx1g");
    private static final Pattern COUNTED = Pattern.compile("[0-9]+");

    /** Threads that come with work and go without it; what remains must be there afterwards. */
    private static final Pattern PASSING =
            Pattern.compile(
                    "(?i).*(HikariPool|ForkJoinPool|HttpClient|boundedElastic|parallel-|reactor-http|Attach|Cleaner"
                            + "|C[12] Compiler|GC Thread|Signal|JFR|Common-|process reaper|compute|work|call|run).*");

    private final World world;
    private final Upstream upstream;
    private final Torture.Scale scale;
    private final Verdict verdict = new Verdict();

    private Neighbour(World world, Upstream upstream, Torture.Scale scale) {
        this.world = world;
        this.upstream = upstream;
        this.scale = scale;
    }

    static Verdict run(Torture.Scale scale) throws Exception {
        var folder = Files.createTempDirectory("sallyport-torture");
        try (var upstream = new Upstream();
                var world = World.start(folder, folder.resolve("data"), OPTIONS)) {
            return new Neighbour(world, upstream, scale).tortured();
        }
    }

    private Verdict tortured() throws Exception {
        var b = Tenant.ofB(world, upstream);
        var agents = prepareA();
        int seconds = scale.seconds(30, 2);
        b.during(Math.min(seconds, 10)); // until the code is warm
        var quiet = b.during(seconds);
        var heap = heap();
        var threads = threads();
        System.out.printf("neighbour: quiet %s%n", quiet);

        double bound = Math.max(P99_FLOOR, P99_FACTOR * quiet.p99()) * scale.slack();
        verdict.figure("p99 in quiet ms", (long) quiet.p99());
        for (var name : noises()) {
            var load = noisy(name, seconds, agents, b);
            verdict.atMost(name + ": p99 ms", load.p99(), bound)
                    .none(name + ": refused", load.refused())
                    .atMost(name + ": slowest /livez ms", load.livez(), LIVEZ * scale.slack());
        }
        verdict.none("written other than once", b.writtenOtherThanOnce());
        settle();
        verdict.figure("heap before MB", (long) heap)
                .atMost("heap afterwards MB", heap(), heap * HEAP_FACTOR + HEAP_MORE);
        threads.removeAll(threads());
        return verdict.holds("no thread lost" + (threads.isEmpty() ? "" : " " + threads), threads.isEmpty())
                .holds("the gateway lives", world.isAlive());
    }

    private List<String> noises() {
        return scale.small() ? List.of("unique-items", "aborts", "hung") : Noise.names();
    }

    private List<String> prepareA() {
        world.newTenant("a");
        world.policy(
                "a",
                "rules:\n  - {id: all, effect: allow, tools: [\"noisy/*\", \"u/*\"]}\n"
                        + "  - {id: ask, effect: require_approval, tools: [\"noisy/write\"]}\n");
        if (!scale.small()) {
            world.serve("a", "u", upstream, "read");
            Rows.fill(world, "a", scale.cycles(400_000, 0));
        }
        return IntStream.range(0, 12).mapToObj(it -> world.newKey("a", "user:a" + it)).toList();
    }

    private Tenant.Load noisy(String name, int seconds, List<String> agents, Tenant b)
            throws IOException, InterruptedException {
        var process = noise(name, seconds, agents);
        try (var output = process.inputReader()) {
            for (var line = output.readLine(); line != null && !line.equals("ready"); line = output.readLine()) {
                System.out.println("neighbour: " + name + " " + line);
            }
            var before = Cpu.of(world, process.pid());
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            var load = b.during(seconds);
            System.out.printf("neighbour: %s %s, %s%n", name, load, before.until(Cpu.of(world, process.pid())));
            output.lines().forEach(it -> System.out.println("neighbour: " + name + " " + it));
            return load;
        } finally {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Process noise(String name, int seconds, List<String> agents) throws IOException {
        var builder =
                new ProcessBuilder(
                                "nice", "-n", "15",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g", "-Dsallyport.home=" + System.getProperty("sallyport.home"), "-cp", System.getProperty("java.class.path"),
                                "Noise", name, Integer.toString(seconds))
                        .redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "NOISE_GATEWAY", world.url(),
                                "NOISE_ADMIN", world.admin("a").key(),
                                "NOISE_TENANT", "a",
                                "NOISE_AGENTS", String.join(",", agents)));
        return builder.start();
    }

    /** Waits until what A left behind has had the time to go. */
    private static void settle() {
        World.pause(5_000);
    }

    /** Megabytes in use after a collection. */
    private double heap() throws IOException {
        jcmd("GC.run");
        var text = jcmd("GC.heap_info");
        var used = Pattern.compile("used ([0-9]+)K").matcher(text);
        return used.find() ? Long.parseLong(used.group(1)) / 1024.0 : 0;
    }

    private String jcmd(String... command) throws IOException {
        var all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(world.pid())));
        all.addAll(List.of(command));
        var process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            return output.lines().collect(Collectors.joining("\n"));
        }
    }

    /** The names of the gateway's long-lived threads, virtual ones too, without their numbers. */
    private Set<String> threads() throws IOException {
        var dump = Files.createTempFile("threads", ".json");
        jcmd("Thread.dump_to_file", "-overwrite", "-format=json", dump.toString());
        var tree = Json.parse(Files.readAllBytes(dump));
        Files.delete(dump);
        var names = new TreeSet<String>();
        for (var container : tree.at("/threadDump/threadContainers")) {
            Stream<String> found = container.path("threads").valueStream().map(it -> it.path("name").asString(""));
            found.map(it -> COUNTED.matcher(it).replaceAll("N"))
                    .filter(it -> !it.isEmpty() && !PASSING.matcher(it).matches())
                    .forEach(names::add);
        }
        return names;
    }
}
