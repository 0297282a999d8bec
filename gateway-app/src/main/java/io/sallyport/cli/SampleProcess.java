package io.sallyport.cli;

import io.sallyport.store.ChildEnvironment;
import io.sallyport.store.StartFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A sample that the demo started: it prints where it listens, and ends with the demo. */
final class SampleProcess {
    private static final String LISTENING = "listening on ";

    private final Process process;
    private final URI url;

    private SampleProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts the jar that a system property names.
     *
     * @param property set by the script that starts the demo
     */
    static SampleProcess start(String property, String... arguments) {
        var jar = System.getProperty(property);
        if (jar == null) {
            throw new StartFailure("the demo is started with ./sallyport demo");
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-Xshare:auto", "-jar", jar, "--port", "0"));
        command.addAll(List.of(arguments));
        try {
            var process =
                    ChildEnvironment.minimal(new ProcessBuilder(command))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new SampleProcess(process, announced(process, property));
        } catch (IOException e) {
            throw new StartFailure("a sample cannot be started", e);
        }
    }

    private static URI announced(Process process, String property) throws IOException {
        var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                return URI.create(line.substring(LISTENING.length()).strip());
            }
        }
        throw new StartFailure("the sample of " + property + " did not come up");
    }

    URI url() {
        return url;
    }

    /** The address rule that lets the gateway reach it. */
    String exception() {
        return "127.0.0.1/32:" + url.getPort();
    }

    void close() {
        process.destroy();
    }
}
