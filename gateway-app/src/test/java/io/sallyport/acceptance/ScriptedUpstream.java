package io.sallyport.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/** An MCP server on a free port that plays what a test tells it to, and counts what it is asked. */
final class ScriptedUpstream implements AutoCloseable {
    private static final String TOOL =
            """
            {"name":"%s","description":"Does %s.","inputSchema":{"type":"object",
             "properties":{"text":{"type":"string"}},"additionalProperties":false}}\
            """;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> lists = new ConcurrentHashMap<>();
    private final AtomicBoolean hanging = new AtomicBoolean();
    private final NoticeStorm storm = new NoticeStorm();
    private final List<Instant> listings = new CopyOnWriteArrayList<>();
    private final AtomicBoolean modern = new AtomicBoolean();
    private final List<String> strays = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> instructions = new AtomicReference<>("");
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final Semaphore answered = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicReference<Behaviour> behaviour = new AtomicReference<>(says("done"));
    private final AtomicReference<Behaviour> listing = new AtomicReference<>(this::lists);

    /** How a call is answered. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange, JsonNode id) throws IOException;
    }

    private ScriptedUpstream(HttpServer server, String tools) {
        this.server = server;
        lists.put("tools", tools);
        server.createContext("/", this::stray);
        server.createContext("/mcp", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Starts with tools of these names; all take an optional string {@code text}. */
    static ScriptedUpstream listing(String... names) {
        var tools =
                List.of(names).stream()
                        .map(it -> TOOL.formatted(it, it))
                        .collect(Collectors.joining(",", "[", "]"));
        return listing(HttpServer::create, tools);
    }

    /** The same over TLS. */
    static ScriptedUpstream secured(SSLContext tls, String tool) {
        var tools = "[" + TOOL.formatted(tool, tool) + "]";
        return listing(
                (address, backlog) -> {
                    var server = HttpsServer.create(address, backlog);
                    server.setHttpsConfigurator(new HttpsConfigurator(tls));
                    return server;
                },
                tools);
    }

    private interface Opening {
        HttpServer open(InetSocketAddress address, int backlog) throws IOException;
    }

    private static ScriptedUpstream listing(Opening opening, String tools) {
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return new ScriptedUpstream(opening.open(new InetSocketAddress(loopback, 0), 0), tools);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on lists these descriptors, given as JSON, as its tools. */
    ScriptedUpstream tools(String... descriptors) {
        return list("tools", descriptors);
    }

    ScriptedUpstream resources(String... entries) {
        return list("resources", entries);
    }

    ScriptedUpstream templates(String... entries) {
        return list("resourceTemplates", entries);
    }

    ScriptedUpstream prompts(String... entries) {
        return list("prompts", entries);
    }

    /** From now on answers tools/list with this result as it is, to the byte. */
    ScriptedUpstream listsAs(String result) {
        lists.put("tools", result);
        return this;
    }

    /** Speaks the revision of 2026 too, and so nothing else to a client that prefers it. */
    ScriptedUpstream modern() {
        modern.set(true);
        return this;
    }

    private ScriptedUpstream list(String member, String... entries) {
        lists.put(member, List.of(entries).stream().collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    /** Changes the text of all its lists. */
    void edit(UnaryOperator<String> change) {
        lists.replaceAll((_, list) -> change.apply(list));
    }

    /** From now on answers with what is no list, so that listing {@code member} fails. */
    ScriptedUpstream breaks(String member) {
        lists.put(member, "7");
        return this;
    }

    /** What it sends in its greeting from the next session on. */
    ScriptedUpstream instructs(String text) {
        instructions.set(text);
        return this;
    }

    /** Has a stream from now on, and says on it a thousand times a second that tools changed. */
    ScriptedUpstream storms() {
        storm.begin();
        return this;
    }

    /** How often it said that its tools changed. */
    int notices() {
        return storm.notices();
    }

    /** When tools/list was asked for. */
    List<Instant> listings() {
        return List.copyOf(listings);
    }

    /** What was asked for that is not its endpoint. */
    List<String> strays() {
        return List.copyOf(strays);
    }

    private void stray(HttpExchange exchange) throws IOException {
        strays.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        write(exchange, 404, "");
    }

    /** The headers of all requests in order of arrival. */
    List<Map<String, List<String>>> headers() {
        return List.copyOf(headers);
    }

    URI endpoint() {
        var scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    /** The bodies of all calls, reads and gets in order of arrival. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** The bodies of all messages in order of arrival, whatever they ask. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    void onCall(Behaviour next) {
        behaviour.set(next);
    }

    /** How it answers the next tools/list. */
    void onNextList(Behaviour next) {
        listing.set(next);
    }

    private void lists(HttpExchange exchange, JsonNode id) throws IOException {
        result(exchange, id, page("tools"));
    }

    static Behaviour says(String text) {
        return answers("{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}");
    }

    /** Answers with this result as it is, to the byte. */
    static Behaviour answers(String result) {
        return (exchange, id) -> result(exchange, id, result);
    }

    /** Answers with a JSON-RPC error. */
    static Behaviour errs(int code, String message, String data) {
        return (exchange, id) ->
                write(
                        exchange,
                        200,
                        """
                        {"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":"%s","data":%s}}\
                        """
                                .formatted(id, code, message, data));
    }

    static Behaviour failsWith(int status) {
        return (exchange, _) -> write(exchange, status, "{\"secret\":\"of the upstream\"}");
    }

    /**
     * Answers as a stream of these messages; {@code ID} stands for the id of the call, {@code
     * TOKEN} for its progress token, and {@code WAIT} waits until somebody answers a request of
     * ours.
     */
    Behaviour streams(String... messages) {
        return (exchange, id) -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            playAll(List.of(messages), id, exchange.getResponseBody());
        };
    }

    private void playAll(List<String> messages, JsonNode id, OutputStream stream)
            throws IOException {
        try (var body = stream) {
            for (var message : messages) {
                play(message, id, body);
            }
        }
    }

    private void play(String message, JsonNode id, OutputStream body) throws IOException {
        if (message.equals("WAIT")) {
            answered.acquireUninterruptibly();
            return;
        }
        var token = Reply.parse(calls.getLast()).at("/params/_meta/progressToken");
        var text = message.replace("ID", id.toString()).replace("TOKEN", token.toString());
        body.write(("data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
        body.flush();
    }

    /** What clients answered to requests of ours. */
    List<String> answers() {
        return List.copyOf(answers);
    }

    /** Holds every call open until this server is closed. */
    Behaviour holds() {
        return (exchange, id) -> {
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    /** From now on answers nothing at all. */
    void hangs() {
        hanging.set(true);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        if (exchange.getRequestMethod().equals("GET") && storm.hasBegun()) {
            storm.blow(exchange, end);
            return;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            write(exchange, exchange.getRequestMethod().equals("DELETE") ? 200 : 405, "");
            return;
        }
        heard.add(body);
        if (hanging.get()) {
            holds().answer(exchange, Reply.parse(body));
            return;
        }
        var message = Reply.parse(body);
        answer(exchange, message, body);
    }

    private void answer(HttpExchange exchange, JsonNode message, String body) throws IOException {
        var id = message.path("id");
        switch (message.path("method").asString("")) {
            case "initialize" -> result(exchange, id, greeting());
            case "server/discover" -> discover(exchange, id);
            case "tools/list" -> {
                listings.add(Instant.now());
                listing.getAndSet(this::lists).answer(exchange, id);
            }
            case "resources/list" -> result(exchange, id, page("resources"));
            case "resources/templates/list" -> result(exchange, id, page("resourceTemplates"));
            case "prompts/list" -> result(exchange, id, page("prompts"));
            case "tools/call", "resources/read", "prompts/get" -> {
                calls.add(body);
                behaviour.get().answer(exchange, id);
            }
            case String other when other.startsWith("notifications/") -> write(exchange, 202, "");
            case String other when other.isEmpty() && message.has("id") -> {
                answers.add(body);
                write(exchange, 202, "");
                answered.release();
            }
            case String _ -> write(exchange, 400, "");
        }
    }

    private String page(String member) {
        var list = lists.getOrDefault(member, "[]");
        return list.startsWith("{") ? list : "{\"%s\":%s}".formatted(member, list);
    }

    private String greeting() {
        return """
        {"protocolVersion":"2025-11-25","capabilities":%s,
         "serverInfo":{"name":"scripted","version":"1"}%s}\
        """
                .formatted(
                        capabilities(),
                        instructions.get().isEmpty()
                                ? ""
                                : ",\"instructions\":\"" + instructions.get() + "\"");
    }

    private void discover(HttpExchange exchange, JsonNode id) throws IOException {
        if (!modern.get()) {
            write(exchange, 400, "");
            return;
        }
        var discovery =
                """
                {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":%s}\
                """;
        result(exchange, id, discovery.formatted(capabilities()));
    }

    /** Declares what it lists. */
    private String capabilities() {
        boolean hasResources =
                lists.containsKey("resources") || lists.containsKey("resourceTemplates");
        return "{\"tools\":{}%s%s}"
                .formatted(
                        hasResources ? ",\"resources\":{}" : "",
                        lists.containsKey("prompts") ? ",\"prompts\":{}" : "");
    }

    private static void result(HttpExchange exchange, JsonNode id, String result)
            throws IOException {
        write(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result));
    }

    private static void write(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        end.countDown();
        answered.release(1_000);
        server.stop(0);
        threads.shutdownNow();
    }
}
