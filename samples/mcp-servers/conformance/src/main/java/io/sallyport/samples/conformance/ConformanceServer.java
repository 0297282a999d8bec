package io.sallyport.samples.conformance;

import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.wire.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The server under the conformance suite: Streamable HTTP at {@code /mcp}, both eras by default.
 */
public final class ConformanceServer implements Listening {

    private final LoopbackHttp http;

    private ConformanceServer(LoopbackHttp http) {
        this.http = http;
    }

    public static void main(String[] args) throws InterruptedException {
        new Start().run(args);
    }

    @Command(
            name = "conformance",
            description = "Serves over MCP what the conformance suite asks for.")
    private static final class Start extends SampleCommand {
        @Option(
                names = "--era",
                paramLabel = "ERA",
                description = "modern, legacy or both, default ${DEFAULT-VALUE}",
                defaultValue = "both",
                converter = Era.Name.class)
        private Era era = Era.BOTH;

        @Override
        protected Listening launch(int port) throws IOException {
            return start(port, era);
        }
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
}
