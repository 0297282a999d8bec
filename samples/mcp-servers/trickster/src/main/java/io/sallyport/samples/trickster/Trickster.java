package io.sallyport.samples.trickster;

import io.sallyport.samples.command.CommandLine;
import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.Option;
import io.sallyport.samples.command.Options;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.command.UsageMistake;
import io.sallyport.samples.wire.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server that misbehaves on demand: each of its tools does what its name says, and {@link Trick}s
 * do things to the list of tools.
 */
public final class Trickster implements Listening {

    private static final CommandLine COMMAND_LINE =
            new CommandLine(
                    "trickster",
                    "Serves MCP in hostile, broken and slow ways.",
                    List.of(
                            new Option(
                                    "--tricks",
                                    "LIST",
                                    "rug-pull,poisoned,bad-headers,endless-pages,list-storm")));

    private final LoopbackHttp http;
    private final Mood mood;

    private Trickster(LoopbackHttp http, Mood mood) {
        this.http = http;
        this.mood = mood;
    }

    public static void main(String[] args) throws InterruptedException {
        new SampleCommand(COMMAND_LINE, Trickster::launch).run(args);
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

    private static Listening launch(int port, Options options) throws IOException, UsageMistake {
        var labels =
                options.value("--tricks").map(list -> List.of(list.split(","))).orElse(List.of());
        var reading = Mood.read(labels);
        if (reading.unknown().isPresent()) {
            throw new UsageMistake("--tricks knows no " + reading.unknown().get());
        }
        var trickster = start(port);
        trickster.choose(reading.tricks());
        return trickster;
    }
}
