package io.sallyport.samples.conformance;

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

/**
 * The server under the conformance suite: Streamable HTTP at {@code /mcp}, both eras by default.
 */
public final class ConformanceServer implements Listening {

    private static final CommandLine COMMAND_LINE =
            new CommandLine(
                    "conformance",
                    "Serves over MCP what the conformance suite asks for.",
                    List.of(new Option("--era", "ERA", "modern, legacy or both, default both")));

    private final LoopbackHttp http;

    private ConformanceServer(LoopbackHttp http) {
        this.http = http;
    }

    public static void main(String[] args) throws InterruptedException {
        new SampleCommand(COMMAND_LINE, ConformanceServer::launch).run(args);
    }

    /**
     * Starts; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static ConformanceServer start(int port, Era era) throws IOException {
        return new ConformanceServer(LoopbackHttp.start(port, McpEndpoint.of(era)));
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
        return start(port, Era.named(options.value("--era").orElse("both")));
    }
}
