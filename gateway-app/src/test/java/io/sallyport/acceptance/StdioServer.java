package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that is an MCP server of 2025-11-25 on its standard streams. Each call is a line in the
 * file {@code calls} of its folder.
 */
final class StdioServer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> TOOLS = List.of("world", "secret");
    private static final String GREETING =
            """
            {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},
             "serverInfo":{"name":"standard","version":"1"}}\
            """;

    private StdioServer() {}

    /** How to start it: the exact program and arguments. */
    static List<String> argv(String... arguments) {
        return JavaProgram.command(StdioServer.class.getName(), List.of(arguments));
    }

    static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var message = JSON.readTree(line);
            if (message.has("id") && message.has("method")) {
                answer(message, arguments);
            }
        }
    }

    private static void answer(JsonNode request, String[] arguments) throws IOException {
        var result =
                switch (request.path("method").asString()) {
                    case "initialize" -> JSON.readTree(GREETING);
                    case "tools/list" -> tools();
                    case "tools/call" -> call(request.path("params").path("name"), arguments);
                    default -> JSON.createObjectNode();
                };
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", request.path("id"));
        answer.set("result", result);
        System.out.println(JSON.writeValueAsString(answer));
    }

    private static ObjectNode tools() {
        var list = JSON.createObjectNode();
        var tools = list.putArray("tools");
        for (var name : TOOLS) {
            tools.addObject().put("name", name).putObject("inputSchema").put("type", "object");
        }
        return list;
    }

    /** Tells everything that a profile may say, and who it is. */
    private static ObjectNode call(JsonNode tool, String[] arguments) throws IOException {
        Files.writeString(
                Path.of("calls"),
                tool.asString() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        var world = JSON.createObjectNode().put("pid", ProcessHandle.current().pid());
        List.of(arguments).forEach(world.putArray("arguments")::add);
        new TreeMap<>(System.getenv()).forEach(world.putObject("environment")::put);
        world.put("folder", Path.of("").toAbsolutePath().toString());
        var result = JSON.createObjectNode();
        result.putArray("content")
                .addObject()
                .put("type", "text")
                .put("text", JSON.writeValueAsString(world));
        return result;
    }
}
