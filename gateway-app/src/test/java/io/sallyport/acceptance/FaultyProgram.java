package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A program that is an MCP server of 2025-11-25 on its standard streams until it is called: then it
 * does what its one argument says. Each call is a line in the file {@code calls} of its folder.
 */
final class FaultyProgram {
    /** What happens when a call comes. */
    enum Fault {
        ENDS,
        ENDS_WITHIN_ITS_ANSWER,
        CLOSES_ITS_OUTPUT,
        SAYS_TEXT_AND_ENDS,
        OUTGROWS_A_LINE,
        HAS_NEITHER_RESULT_NOR_ERROR,
        RESULT_IS_A_LIST,
        RPC_ERROR;

        /** Of its launch profile. */
        String profile() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\"[^\"]*\"|[0-9]+)");
    private static final String GREETING =
            """
            {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
            "serverInfo":{"name":"faulty","version":"1"}}\
            """;
    private static final String TOOLS =
            "{\"tools\":[{\"name\":\"wipe\",\"inputSchema\":{\"type\":\"object\"}}]}";

    private FaultyProgram() {}

    static List<String> argv(Fault fault) {
        return JavaProgram.command(FaultyProgram.class.getName(), List.of(fault.name()));
    }

    /** How many calls came to the programs that run in this folder. */
    static long calls(Path folder) throws IOException {
        var calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var id = ID.matcher(line);
            if (!line.contains("\"method\"") || !id.find()) {
                continue; // a notification, or an answer to what was never asked
            }
            if (line.contains("\"tools/call\"")) {
                count();
                fail(Fault.valueOf(arguments[0]), id.group(1));
            } else if (line.contains("\"initialize\"")) {
                say(answer(id.group(1), "\"result\":" + GREETING));
            } else {
                say(answer(id.group(1), "\"result\":" + TOOLS));
            }
        }
    }

    private static void count() throws IOException {
        Files.writeString(
                Path.of("calls"), "call\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void fail(Fault fault, String id) throws IOException {
        switch (fault) {
            case ENDS -> Runtime.getRuntime().halt(3);
            case ENDS_WITHIN_ITS_ANSWER -> {
                write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"res");
                Runtime.getRuntime().halt(3);
            }
            case CLOSES_ITS_OUTPUT -> System.out.close();
            case SAYS_TEXT_AND_ENDS -> {
                say("Segmentation fault");
                Runtime.getRuntime().halt(139);
            }
            case OUTGROWS_A_LINE ->
                    say(answer(id, "\"result\":{\"a\":\"" + "x".repeat(5 << 20) + "\"}"));
            case HAS_NEITHER_RESULT_NOR_ERROR -> say(answer(id, "\"content\":[]"));
            case RESULT_IS_A_LIST -> say(answer(id, "\"result\":[]"));
            case RPC_ERROR ->
                    say(answer(id, "\"error\":{\"code\":-32603,\"message\":\"no space\"}"));
        }
    }

    private static String answer(String id, String members) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + members + "}";
    }

    private static void say(String line) throws IOException {
        write(line + "\n");
    }

    private static void write(String text) throws IOException {
        OutputStream out = System.out;
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
