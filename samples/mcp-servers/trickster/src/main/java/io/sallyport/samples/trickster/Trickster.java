package io.sallyport.samples.trickster;

import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.wire.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A server that misbehaves on demand: each of its tools does what its name says, and {@link Trick}s
 * do things to the list of tools.
 */
public final class Trickster implements Listening {

    private final LoopbackHttp http;
    private final Mood mood;

    private Trickster(LoopbackHttp http, Mood mood) {
        this.http = http;
        this.mood = mood;
    }

    public static void main(String[] args) throws InterruptedException {
        new Start().run(args);
    }

    @Command(name = "trickster", description = "Serves MCP in hostile, broken and slow ways.")
    private static final class Start extends SampleCommand {
        @Option(
                names = "--tricks",
                paramLabel = "TRICK",
                split = ",",
                description = "rug-pull, poisoned, bad-headers, endless-pages, list-storm",
                converter = Trick.Label.class)
        private List<Trick> tricks = List.of();

        @Override
        protected Listening launch(int port) throws IOException {
            var trickster = start(port);
            trickster.choose(Set.copyOf(tricks));
            return trickster;
        }
    }

    /**
     * Starts without tricks; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static Trickster start(int port) throws IOException {
        var mood = new Mood();
        return new Trickster(LoopbackHttp.start(port, new TricksterEndpoint(mood)), mood);
    }

    /** Plays these tricks from now on, and no others. */
    public void choose(Set<Trick> tricks) {
        mood.choose(tricks);
    }

    /** How often each JSON-RPC method was received since the start, notifications too. */
    public Map<String, Integer> requests() {
        return mood.requests();
    }

    /** How often each tool was called since the start. */
    public Map<String, Integer> calls() {
        return mood.calls();
    }

    /** How many calls and streams have not come to their end. */
    public int openStreams() {
        return mood.openStreams();
    }

    @Override
    public int port() {
        return http.port();
    }

    @Override
    public URI endpoint() {
        return http.endpoint();
    }

    @Override
    public void close() {
        http.close();
    }
}
