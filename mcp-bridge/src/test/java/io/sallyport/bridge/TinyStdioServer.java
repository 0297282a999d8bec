package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** A process of its own that speaks MCP over its standard streams; it knows nothing but the JDK. */
final class TinyStdioServer {
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
    private static final Pattern ACT = Pattern.compile("\"act\":\"([\\w-]+)\"");
    private static final String GREETING =
            """
            {"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true}},\
            "serverInfo":{"name":"tiny","version":"1"}}\
            """;

    private static final String UPDATED =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"test://a\"}}";

    private static String late = "0";
    private static int subscriptions;

    private TinyStdioServer() {}

    static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        System.out.println("Welcome!");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var id = ID.matcher(line);
            if (line.contains("\"method\"") && id.find()) {
                answer(line, id.group(1), args);
            } else if (line.contains("notifications/cancelled")) {
                tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            }
        }
    }

    private static void answer(String line, String id, String[] args) throws IOException {
        if (line.contains("\"initialize\"")) {
            result(id, GREETING);
        } else if (line.contains("\"tools/list\"")) {
            result(id, "{\"tools\":[{\"name\":\"a\",\"x-new\":1.10}]}");
        } else if (line.contains("\"resources/subscribe\"")) {
            subscriptions++;
            result(id, "{}");
            tell(UPDATED);
        } else {
            var act = ACT.matcher(line);
            act(act.find() ? act.group(1) : "", id, args);
        }
    }

    private static void act(String act, String id, String[] args) throws IOException {
        switch (act) {
            case "die" -> Runtime.getRuntime().halt(3);
            case "sleep" -> {}
            case "deaf" -> deaf(id);
            case "orphan" -> orphan();
            case "change" ->
                    tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            case "noise" -> noise(id);
            case "spawn" -> spawn(id);
            case "ask" -> ask(id);
            case "garbage" -> garbage(id);
            case "late" -> late = id;
            case "subscriptions" -> result(id, "{\"n\":" + subscriptions + "}");
            case "log-on" -> logOn(id);
            case "log" -> log(id);
            case "world" -> world(id, args);
            default ->
                    result(id, "{\"n\":1.10,\"big\":12345678901234567890.5,\"unknown\":{\"a\":1}}");
        }
    }

    private static void garbage(String id) {
        tell("{nothing");
        result(id, "{}");
        result(late, "{}");
    }

    private static void noise(String id) {
        for (int line = 0; line < 20_000; line++) {
            System.err.println("a line that nobody should ever have to read, however often");
        }
        result(id, "{}");
    }

    private static void spawn(String id) throws IOException {
        var child = new ProcessBuilder("/bin/sleep", "100").start();
        result(id, "{\"pid\":" + child.pid() + ",\"own\":" + ProcessHandle.current().pid() + "}");
    }

    /** Reads nothing any more. */
    private static void deaf(String id) {
        result(id, "{}");
        while (true) {
            LockSupport.park();
        }
    }

    /** Leaves somebody behind who holds its streams. */
    private static void orphan() throws IOException {
        new ProcessBuilder("/bin/sleep", "20").inheritIO().start();
        Runtime.getRuntime().halt(3);
    }

    private static void ask(String id) {
        tell("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"roots/list\"}");
        tell(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                        + "{\"progressToken\":"
                        + id
                        + ",\"progress\":1}}");
        result(id, "{}");
    }

    private static void log(String id) {
        tell(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\"}}");
        result(id, "{}");
    }

    /** Logs something after its answer. */
    private static void logOn(String id) {
        result(id, "{}");
        tell(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"later\"}}");
    }

    private static void world(String id, String[] args) {
        var names = new TreeMap<>(System.getenv()).toString();
        var text = args[0] + "|" + names + "|" + Path.of("").toAbsolutePath();
        result(id, "{\"world\":\"" + text.replace("\"", "\\\"") + "\"}");
    }

    private static void result(String id, String result) {
        tell("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
