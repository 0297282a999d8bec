import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What changes cost when much is there. Fills a running gateway ({@code serve --dev}) with keys, a
 * policy and servers, all through its API, then measures a key made, a server of 50 tools
 * registered and approved, and the latency of calls while every server is listed again.
 *
 * <p>{@code SALLYPORT_URL=… SALLYPORT_ADMIN_KEY=… java bench/Scale.java PORT [SERVERS KEYS RULES]},
 * where PORT is free on 127.0.0.1 for the servers; 200 servers, 1000 keys and 300 rules by default.
 */
public final class Scale {
    private static final int TOOLS = 50;
    private static final int SAMPLES = 20;
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\"[^\"]*\"|[0-9]+)");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String gateway = System.getenv("SALLYPORT_URL");
    private final String admin = System.getenv("SALLYPORT_ADMIN_KEY");
    private final int port;

    private Scale(int port) {
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 1 && args.length != 4) {
            System.err.println("usage: java Scale.java PORT [SERVERS KEYS RULES]");
            System.exit(2);
        }
        int[] sizes = {200, 1_000, 300};
        for (int i = 1; i < args.length; i++) {
            sizes[i - 1] = Integer.parseInt(args[i]);
        }
        // it closes what waits beyond 200, and a gateway keeps connections to every server
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        var upstream = upstream(Integer.parseInt(args[0]));
        try {
            new Scale(Integer.parseInt(args[0])).run(sizes[0], sizes[1], sizes[2]);
        } finally {
            upstream.stop(0);
        }
    }

    private void run(int servers, int keys, int rules) throws Exception {
        String agent = "";
        for (int i = 0; i < keys; i++) {
            agent = key(i);
        }
        publish(rules);
        var fill = System.nanoTime();
        for (int i = 0; i < servers; i++) {
            register("s" + i);
        }
        System.out.printf(
                "%d tools, %d keys, %d rules; the servers took %.1f s%n",
                servers * TOOLS, keys, rules, (System.nanoTime() - fill) / 1e9);
        print("key created", timed(i -> key(keys + i)));
        print("server registered and approved", timed(i -> register("m" + i)));
        calls(agent, servers);
    }

    private interface Step {
        Object run(int number) throws Exception;
    }

    private static double[] timed(Step step) throws Exception {
        var millis = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            var start = System.nanoTime();
            step.run(i);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return millis;
    }

    private static void print(String what, double[] millis) {
        var sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%-34s p50 %7.1f ms   p95 %7.1f ms   max %7.1f ms   (%d)%n",
                what,
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.95)],
                sorted[sorted.length - 1],
                sorted.length);
    }

    private String key(int number) throws Exception {
        var answer =
                admin("POST", "/keys", "{\"owner\":\"user:u%d\",\"kind\":\"agent\"}".formatted(number));
        return member(answer.body(), "key");
    }

    private static String member(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1);
    }

    /** One rule lets everybody have everything; the others are about tools of one server each. */
    private void publish(int rules) throws Exception {
        var text =
                IntStream.range(0, rules - 1)
                        .mapToObj(
                                "- {id: r%1$d, effect: deny, subjects: ['user:none%1$d'], tools: ['s%1$d/*']}"::formatted)
                        .collect(
                                Collectors.joining(
                                        "\n",
                                        "rules:\n- {id: all, effect: allow, tools: ['*']}\n",
                                        "\n"));
        send("PUT", "/admin/v1/policies/current", "application/yaml", text);
    }

    private Object register(String slug) throws Exception {
        var answer =
                admin(
                        "POST",
                        "/servers",
                        """
                        {"slug":"%1$s","url":"http://127.0.0.1:%2$d/mcp","era":"legacy",
                         "egress":{"allow":["127.0.0.1/32:%2$d"]}}"""
                                .formatted(slug, port));
        var request =
                request("POST", "/admin/v1/servers/" + slug + "/approve", admin)
                        .header("If-Match", answer.headers().firstValue("etag").orElseThrow())
                        .header("Content-Type", "application/json")
                        .method("POST", BodyPublishers.ofString("{\"all\":true,\"risk\":\"read\"}"));
        return done(request.build());
    }

    /** Calls at 20 a second, quiet and then while eight admins list every server again. */
    private void calls(String agent, int servers) throws Exception {
        var session = session(agent);
        call(agent, session);
        print("call, quiet", paced(agent, session, () -> false, 100));
        try (var threads = Executors.newFixedThreadPool(8)) {
            var relisting = new ArrayList<Future<?>>();
            for (int i = 0; i < servers; i++) {
                var path = "/servers/s" + i + "/refresh";
                relisting.add(threads.submit(() -> admin("POST", path, "")));
            }
            Callable<Boolean> over = () -> relisting.stream().allMatch(Future::isDone);
            var start = System.nanoTime();
            print("call, all servers listed again", paced(agent, session, () -> over.call(), 20));
            for (var one : relisting) {
                one.get();
            }
            System.out.printf("listed again in %.1f s%n", (System.nanoTime() - start) / 1e9);
        }
    }

    private double[] paced(String agent, String session, Callable<Boolean> over, int least)
            throws Exception {
        List<Double> millis = new ArrayList<>();
        while (millis.size() < least || (least < 100 && !over.call())) {
            var start = System.nanoTime();
            call(agent, session);
            millis.add((System.nanoTime() - start) / 1e6);
            TimeUnit.NANOSECONDS.sleep(50_000_000 - Math.min(50_000_000, System.nanoTime() - start));
        }
        return millis.stream().mapToDouble(it -> it).toArray();
    }

    private String session(String agent) throws Exception {
        var answer =
                rpc(
                        agent,
                        "",
                        """
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
                         "protocolVersion":"2025-11-25","capabilities":{},
                         "clientInfo":{"name":"scale","version":"1"}}}""");
        return answer.headers().firstValue("mcp-session-id").orElseThrow();
    }

    private void call(String agent, String session) throws Exception {
        var answer =
                rpc(
                        agent,
                        session,
                        """
                        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{
                         "name":"s0__tool_0","arguments":{"text":"hello"}}}""");
        if (!answer.body().contains("hello")) {
            throw new IllegalStateException(answer.body());
        }
    }

    private HttpResponse<String> rpc(String agent, String session, String body) throws Exception {
        var request =
                request("POST", "/mcp", agent)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .POST(BodyPublishers.ofString(body));
        if (!session.isEmpty()) {
            request.header("Mcp-Session-Id", session);
        }
        return done(request.build());
    }

    private HttpResponse<String> admin(String method, String path, String json) throws Exception {
        return send(method, "/admin/v1" + path, "application/json", json);
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws Exception {
        return done(
                request(method, path, admin)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofString(body))
                        .build());
    }

    private HttpRequest.Builder request(String method, String path, String key) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> done(HttpRequest request) throws Exception {
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(
                    request.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    // --- the servers ------------------------------------------------------------------------------

    private static HttpServer upstream(int port) throws IOException {
        var server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", Scale::serve);
        server.start();
        return server;
    }

    private static void serve(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, "");
        } else if (body.contains("\"notifications/")) {
            answer(exchange, 202, "");
        } else {
            var id = ID.matcher(body);
            var number = id.find() ? id.group(1) : "null";
            answer(
                    exchange,
                    200,
                    "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(number, result(body)));
        }
    }

    private static String result(String body) {
        if (body.contains("\"initialize\"")) {
            return """
            {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
            "serverInfo":{"name":"scale","version":"1"}}""";
        }
        return body.contains("\"tools/list\"")
                ? "{\"tools\":" + LIST + "}"
                : "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}";
    }

    private static final String LIST =
            IntStream.range(0, TOOLS)
                    .mapToObj(Scale::tool)
                    .collect(Collectors.joining(",", "[", "]"));

    private static String tool(int number) {
        return """
        {"name":"tool_%1$d","description":"Looks up record number %1$d of the archive and says what \
        is written there, with the day on which it was filed and by whom.","inputSchema":{\
        "type":"object","properties":{"text":{"type":"string","description":"What to look for"},\
        "limit":{"type":"integer","minimum":1,"maximum":100},"order":{"type":"string",\
        "enum":["newest","oldest"]}},"required":["text"]}}"""
                .formatted(number);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
