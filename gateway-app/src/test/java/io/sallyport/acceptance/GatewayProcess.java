package io.sallyport.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateway as a process of its own, for what only a process can do: end badly. */
record GatewayProcess(Process process, Path data) {
    static final String MAIN = "io.sallyport.Sallyport";

    private static final int PATIENCE_SECONDS = 60;

    static GatewayProcess serve(Path data, String... more) {
        return serve(data, Map.of(), more);
    }

    static GatewayProcess serve(Path data, Map<String, String> environment, String... more) {
        return serveAfter(List.of(), data, environment, more);
    }

    /** The same, by a program that executes what stands behind its arguments. */
    static GatewayProcess serveAfter(
            List<String> before, Path data, Map<String, String> environment, String... more) {
        var command = new ArrayList<>(before);
        command.addAll(sallyport("serve", "--data", data.toString()));
        command.addAll(List.of(more));
        provide(data, command);
        return start(command, data, environment);
    }

    private static List<String> sallyport(String... arguments) {
        return JavaProgram.command(MAIN, List.of(arguments));
    }

    private static void provide(Path data, List<String> command) {
        try {
            if (command.contains("--dev") && !command.contains("--database-url")) {
                JavaProgram.provide(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the first admin's key of an installation outside of dev mode: its text. */
    static String bootstrap(Path data, Map<String, String> environment)
            throws IOException, InterruptedException {
        var command = sallyport("keys", "bootstrap", "--data", data.toString());
        var told = start(command, data, environment).awaitEnd();
        return told.lines().filter(it -> it.startsWith("sp_")).findFirst().orElseThrow();
    }

    private static GatewayProcess start(
            List<String> command, Path data, Map<String, String> environment) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new GatewayProcess(builder.start(), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads its output until it says where it listens. */
    URI awaitUrl() throws IOException {
        var output = output();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("Sallyport listens on ")) {
                return URI.create(line.substring("Sallyport listens on ".length()).strip());
            }
        }
        throw new AssertionError("the gateway did not start");
    }

    /** Always the same one, so that nothing that it has read ahead is lost. */
    private BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    String key(String variable) throws IOException {
        var prefix = "export " + variable + "=";
        return Files.readAllLines(data.resolve("credentials")).stream()
                .filter(it -> it.startsWith(prefix))
                .map(it -> it.substring(prefix.length()))
                .findFirst()
                .orElseThrow();
    }

    /** All that it still says, once it has ended. */
    String awaitEnd() throws IOException, InterruptedException {
        var text = output().readAllAsString();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway does not end");
        }
        return text;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void stop() throws IOException, InterruptedException {
        process.toHandle().destroy(); // unlike the process's own method, leaves its output readable
        awaitEnd();
    }
}
