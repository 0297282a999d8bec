import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a tenant does that means harm, as a process of its own: {@code Noise NAME SECONDS}, the
 * gateway and the keys in the environment. It prepares itself, says {@code ready}, and begins when it
 * reads a line.
 */
final class Noise {
    /** Long enough to hold whatever a call holds. */
    private static final Duration GIVE_UP = Duration.ofSeconds(20);

    /** What the gateway takes of a list. */
    private static final int LONGEST_LIST = 1_000;

    private final Client admin;
    private final List<Client> agents;
    private final Upstream upstream;
    private final LongAdder done = new LongAdder();
    private final Map<String, LongAdder> answers = new java.util.concurrent.ConcurrentHashMap<>();

    private Noise(Client admin, List<Client> agents, Upstream upstream) {
        this.admin = admin;
        this.agents = agents;
        this.upstream = upstream;
    }

    /** Its name, what it needs, how many do it at once, and what each does over and over. */
    private record Kind(Runnable preparation, int threads, IntConsumer act) {}

    private Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("unique-items", new Kind(() -> serve("numbers"), 4, this::callWithCollisions));
        kinds.put("back-ticks", new Kind(this::serveTicks, 4, it -> count(agents.get(it).chat("ticks", false))));
        kinds.put("descriptors", new Kind(() -> lists(deepDescriptor()), 4, _ -> refresh()));
        kinds.put("drift", new Kind(this::driftingServer, 2, _ -> refresh()));
        kinds.put("scans", new Kind(() -> {}, 10, this::scan));
        kinds.put("bodies", new Kind(() -> {}, 6, it -> count(agents.get(it % agents.size()).post("/v1/chat/completions", BIG))));
        kinds.put("approvals", new Kind(() -> serve("write"), 6, this::askForApproval));
        kinds.put("readers", new Kind(this::floodingModel, 40, _ -> neverRead()));
        kinds.put("aborts", new Kind(this::slowModel, 60, _ -> leaveEarly()));
        kinds.put("hung", new Kind(() -> serve("hang"), 64, it -> hang(agents.get(it % agents.size()))));
        return kinds;
    }

    static List<String> names() {
        return List.copyOf(new Noise(null, List.of(), null).kinds().keySet());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var gateway = System.getenv("NOISE_GATEWAY");
        var agents = new ArrayList<Client>();
        for (var key : System.getenv("NOISE_AGENTS").split(",")) {
            agents.add(new Client(gateway, key, ""));
        }
        var admin = new Client(gateway, System.getenv("NOISE_ADMIN"), System.getenv("NOISE_TENANT"));
        try (var upstream = new Upstream()) {
            var noise = new Noise(admin, agents, upstream);
            noise.make(noise.kinds().get(arguments[0]), Integer.parseInt(arguments[1]));
        }
        System.exit(0); // whoever still waits for an answer need not
    }

    private void make(Kind kind, int seconds) throws IOException, InterruptedException {
        try {
            kind.preparation().run();
        } catch (Failure refused) {
            System.out.println("refused: " + refused.getMessage()); // it may well be
        }
        System.out.println("ready");
        System.in.read();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < kind.threads(); i++) {
            int number = i;
            threads.execute(() -> {
                try {
                    while (System.nanoTime() < end) {
                        kind.act().accept(number);
                        done.increment();
                    }
                } catch (Failure _) {
                    return; // interrupted: its time is over
                }
            });
        }
        threads.shutdown();
        Thread.sleep(Duration.ofSeconds(seconds));
        threads.shutdownNow();
        admin.send("DELETE", "/admin/v1/servers/noisy", "", "");
        var told =
                answers.entrySet().stream()
                        .map(it -> it.getKey() + " × " + it.getValue())
                        .sorted()
                        .collect(Collectors.joining(", "));
        System.out.printf("did %d, was told %s%n", done.sum(), told);
    }

    private void count(Client.Reply reply) {
        var code = reply.code();
        answers.computeIfAbsent(reply.status() + (code.isEmpty() ? "" : " " + code), _ -> new LongAdder())
                .increment();
        if (reply.status() != 200) {
            World.pause(5);
        }
    }

    // --- servers

    private void lists(String descriptors) {
        upstream.lists(() -> descriptors);
        register();
    }

    private void register() {
        admin.send("DELETE", "/admin/v1/servers/noisy", "", "");
        admin.post(
                        "/admin/v1/servers",
                        "{\"slug\":\"noisy\",\"url\":\"%s/mcp\",\"era\":\"legacy\",\"egress\":{\"allow\":[\"127.0.0.1/32:%d\"]}}"
                                .formatted(upstream.url(), upstream.port()))
                .ok();
    }

    private void serve(String tool) {
        lists("[" + Upstream.tool(tool) + "]");
        approve();
    }

    private void approve() {
        var server = admin.get("/admin/v1/servers/noisy").ok();
        var named =
                server.json().path("tools").valueStream()
                        .map(it -> "{\"name\":\"%s\",\"digest\":\"%s\",\"risk\":\"read\"}"
                                .formatted(it.path("name").asString(), it.path("digest").asString()))
                        .collect(Collectors.joining(","));
        admin.post("/admin/v1/servers/noisy/approve", "{\"tools\":[" + named + "]}").ok();
    }

    private void model(String alias, String more) {
        admin.put(
                        "/admin/v1/models/" + alias,
                        ("{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"%s/v1\",\"model\":\"m\",\"api_key\":\"k\","
                                        + "\"egress\":{\"allow\":[\"127.0.0.1/32:%d\"]}}]%s}")
                                .formatted(upstream.url(), upstream.port(), more))
                .ok();
    }

    private void refresh() {
        count(admin.post("/admin/v1/servers/noisy/refresh", ""));
    }

    // --- H1: numbers with one hash

    private static final String COLLISIONS =
            IntStream.range(1, 52_000)
                    .mapToObj(it -> Long.toString(((long) it << 32) | (it ^ 0x5bd1)))
                    .collect(Collectors.joining(",", "{\"text\":\"n\",\"numbers\":[", "]}"));

    private void callWithCollisions(int client) {
        count(agents.get(client).callWith("noisy__numbers", COLLISIONS));
    }

    // --- H2: a fence for back-ticks

    private void serveTicks() {
        serve("ticks");
        admin.put("/admin/v1/toolsets/ticks", "{\"tools\":[\"noisy/ticks\"]}").ok();
        model("ticks", ",\"toolset\":\"ticks\"");
    }

    // --- H3: pointers to many strings far down, and a body of many small arrays

    private static String deepDescriptor() {
        var name = "n".repeat(2_000);
        int depth = 50;
        var open = ("{\"" + name + "\":").repeat(depth);
        var strings = "\"see the notes\",".repeat(20_000);
        return "[{\"name\":\"deep\",\"description\":\"Deep.\",\"inputSchema\":%s,\"_meta\":%s[%s\"\"]%s}]"
                .formatted(Upstream.SCHEMA, open, strings, "}".repeat(depth));
    }

    private static final String BIG =
            "{\"model\":\"x\",\"messages\":[" + "[],".repeat(20 * 1024 * 1024 / 3 - 100) + "[]]}";

    // --- H4: four lists, as long as they may be, in which everything changes each time

    private void driftingServer() {
        var version = new AtomicInteger();
        upstream.lists(() -> list(version.incrementAndGet(), "{\"name\":\"tool_%d\",\"description\":\"Version %d.\",\"inputSchema\":{\"type\":\"object\"}}"));
        upstream.listsContent(
                kind ->
                        list(
                                version.get(),
                                switch (kind) {
                                    case "resource" -> "{\"uri\":\"a:%d\",\"name\":\"Version %d.\"}";
                                    case "template" -> "{\"uriTemplate\":\"b:%d/{x}\",\"name\":\"Version %d.\"}";
                                    default -> "{\"name\":\"prompt_%d\",\"description\":\"Version %d.\"}";
                                }));
        register();
        approve();
    }

    private static String list(int version, String item) {
        return IntStream.range(0, LONGEST_LIST)
                .mapToObj(it -> item.formatted(it, version))
                .collect(Collectors.joining(",", "[", "]"));
    }

    // --- H7: searches

    private void scan(int number) {
        var filters = List.of("kind=call.denied", "tool=nothing", "decision=deny", "run=run_none", "principal=user:nobody");
        count(admin.get("/admin/v1/audit?" + filters.get(number % filters.size())));
    }

    // --- H10: approvals of a megabyte, and of as much as is taken

    private final AtomicInteger asked = new AtomicInteger();

    private void askForApproval(int number) {
        int n = asked.incrementAndGet();
        if (n <= 240) {
            var text = n + "x".repeat(n % 2 == 0 ? 900_000 : 240_000); // too long to be approved, and just not
            count(agents.get(n % agents.size()).call("noisy__write", text));
        } else {
            count(admin.get("/admin/v1/approvals?state=pending"));
        }
    }

    // --- H21, R2: readers that do not read, and such that leave

    private void floodingModel() {
        upstream.floods();
        model("flood", "");
    }

    private void slowModel() {
        upstream.pauses(20);
        model("slow", "");
    }

    private void neverRead() {
        try (var socket = socket("flood")) {
            World.pause(10_000 + ThreadLocalRandom.current().nextInt(10_000));
        } catch (IOException e) {
            World.pause(50);
        }
    }

    private void leaveEarly() {
        try (var socket = socket("slow")) {
            World.pause(ThreadLocalRandom.current().nextInt(300));
        } catch (IOException e) {
            World.pause(50);
        }
    }

    /** A streamed completion that was asked for, its answer unread. */
    private Socket socket(String model) throws IOException {
        var agent = agents.get(ThreadLocalRandom.current().nextInt(agents.size()));
        var gateway = agent.gateway();
        var body = Client.completion(model, true);
        var socket = new Socket(gateway.getHost(), gateway.getPort());
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: " + gateway.getAuthority()
                                + "\r\nAuthorization: Bearer " + agent.key()
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    // --- H19: a server that does not answer

    private void hang(Client agent) {
        count(agent.callWith("noisy__hang", "{}", GIVE_UP));
    }
}
