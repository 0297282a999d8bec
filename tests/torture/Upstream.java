import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * An MCP server and a model provider on one free port of 127.0.0.1, which count what reaches them.
 * A call is told apart by the {@code text} argument, which clients make unique. Tools answer by
 * their name: {@code hang…} never, {@code ticks…} with 300 KB of back-ticks, all others at once.
 */
final class Upstream implements AutoCloseable {
    /** A schema that takes what every client here sends. */
    static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"},"
                    + "\"numbers\":{\"type\":\"array\",\"uniqueItems\":true}}}";

    private static final int CHUNKS = 20;
    private static final String TICKS = "`".repeat(300_000);

    private final HttpServer server;
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> byTool = new ConcurrentHashMap<>();
    private final LongAdder completions = new LongAdder();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Supplier<String> tools = () -> "[" + tool("echo") + "," + tool("write") + "]";
    private volatile UnaryOperator<String> content = _ -> "[]";
    private volatile String capabilities = "{\"tools\":{}}";
    private volatile long chunkPause;
    private volatile int chunks = CHUNKS;
    private volatile String word = "word ";

    Upstream() throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        server = HttpServer.create(new InetSocketAddress(loopback, 0), 4096);
        server.createContext("/mcp", this::mcp);
        server.createContext("/v1/chat/completions", this::chat);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    static String tool(String name) {
        return "{\"name\":\"%s\",\"description\":\"Does %s.\",\"inputSchema\":%s}"
                .formatted(name, name, SCHEMA);
    }

    /** From now on lists these, an array of descriptors that is asked for at each listing. */
    Upstream lists(Supplier<String> descriptors) {
        tools = descriptors;
        return this;
    }

    /**
     * From now on has resources, templates and prompts, too.
     *
     * @param lists the array for {@code resource}, {@code template} or {@code prompt}
     */
    Upstream listsContent(UnaryOperator<String> lists) {
        content = lists;
        capabilities = "{\"tools\":{},\"resources\":{},\"prompts\":{}}";
        return this;
    }

    /** From now on waits so many milliseconds before each chunk of a completion. */
    Upstream pauses(long milliseconds) {
        chunkPause = milliseconds;
        return this;
    }

    /** From now on streams megabytes, for those who do not read them. */
    Upstream floods() {
        chunks = 4_000;
        word = "word ".repeat(3_000);
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How often a call with this text arrived. */
    int effects(String text) {
        var count = effects.get(text);
        return count == null ? 0 : count.get();
    }

    /** How many calls arrived. */
    long calls() {
        return byTool.values().stream().mapToLong(LongAdder::sum).sum();
    }

    Map<String, LongAdder> callsByTool() {
        return byTool;
    }

    /** How many texts arrived more than once. */
    long repeated() {
        return effects.values().stream().filter(it -> it.get() > 1).count();
    }

    long completions() {
        return completions.sum();
    }

    private void mcp(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            write(exchange, 405, "");
            return;
        }
        var message = Json.parse(exchange.getRequestBody().readAllBytes());
        var id = message.path("id");
        switch (message.path("method").asString("")) {
            case "initialize" ->
                    result(
                            exchange,
                            id,
                            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities + ","
                                    + "\"serverInfo\":{\"name\":\"torture\",\"version\":\"1\"}}");
            case "tools/list" -> result(exchange, id, "{\"tools\":" + tools.get() + "}");
            case "resources/list" -> result(exchange, id, "{\"resources\":" + content.apply("resource") + "}");
            case "resources/templates/list" ->
                    result(exchange, id, "{\"resourceTemplates\":" + content.apply("template") + "}");
            case "prompts/list" -> result(exchange, id, "{\"prompts\":" + content.apply("prompt") + "}");
            case "tools/call" -> call(exchange, id, message.path("params"));
            case String it when it.startsWith("notifications/") -> write(exchange, 202, "");
            default -> write(exchange, 400, "");
        }
    }

    private void call(HttpExchange exchange, JsonNode id, JsonNode params) throws IOException {
        var name = params.path("name").asString("");
        var text = params.at("/arguments/text").asString("");
        byTool.computeIfAbsent(name, _ -> new LongAdder()).increment();
        effects.computeIfAbsent(text, _ -> new AtomicInteger()).incrementAndGet();
        if (name.startsWith("hang")) {
            hang(exchange);
        } else if (name.startsWith("ticks")) {
            content(exchange, id, "\"type\":\"resource\",\"resource\":{\"uri\":\"a:b\",\"text\":\"" + TICKS + "\"}");
        } else {
            content(exchange, id, "\"type\":\"text\",\"text\":\"done\"");
        }
    }

    private void hang(HttpExchange exchange) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static void content(HttpExchange exchange, JsonNode id, String block)
            throws IOException {
        result(exchange, id, "{\"content\":[{" + block + "}]}");
    }

    private static void result(HttpExchange exchange, JsonNode id, String result)
            throws IOException {
        write(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    /** Calls the first tool that is offered, once; else says something. */
    private void chat(HttpExchange exchange) throws IOException {
        var body = Json.parse(exchange.getRequestBody().readAllBytes());
        completions.increment();
        var tool = body.at("/tools/0/function/name").asString("");
        boolean calls = !tool.isEmpty() && !body.path("messages").toString().contains("\"tool\"");
        if (body.path("stream").asBoolean(false)) {
            stream(exchange, calls ? tool : "");
        } else {
            write(exchange, 200, calls ? whole(callOf(tool, ""), "tool_calls") : whole(",\"content\":\"hi\"", "stop"));
        }
    }

    private void stream(HttpExchange exchange, String tool) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            if (tool.isEmpty()) {
                for (int i = 0; i < chunks; i++) {
                    pause();
                    event(out, chunk("\"role\":\"assistant\",\"content\":\"" + word + "\"", "null"));
                }
                event(out, chunk("", "\"stop\""));
            } else {
                event(out, chunk("\"role\":\"assistant\"" + callOf(tool, "\"index\":0,"), "null"));
                event(out, chunk("", "\"tool_calls\""));
            }
            out.write("data: [DONE]\n\n".getBytes(UTF_8));
        }
    }

    private void pause() {
        try {
            if (chunkPause > 0 && end.await(chunkPause, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("closed");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String callOf(String tool, String index) {
        return ",\"tool_calls\":[{%s\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}]"
                .formatted(index, tool);
    }

    private static String whole(String message, String reason) {
        return ("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\"%s},\"finish_reason\":\"%s\"}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}")
                .formatted(message, reason);
    }

    private static String chunk(String delta, String reason) {
        return ("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                        + "[{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}]}")
                .formatted(delta, reason);
    }

    private static void event(OutputStream out, String chunk) throws IOException {
        out.write(("data: " + chunk + "\n\n").getBytes(UTF_8));
        out.flush();
    }

    private static void write(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
