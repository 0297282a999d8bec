package io.sallyport.samples.weather;

import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.hosting.LoopbackMcpServer;
import io.sallyport.samples.hosting.McpSample;
import io.sallyport.samples.hosting.RunningServer;
import java.io.IOException;
import picocli.CommandLine.Command;

/** The weather server: the same question has the same answer, always. */
public final class WeatherServer {

    private WeatherServer() {}

    public static void main(String[] args) throws InterruptedException {
        new Start().run(args);
    }

    @Command(name = "weather", description = "Serves forecasts and alerts over MCP.")
    private static final class Start extends SampleCommand {
        @Override
        protected Listening launch(int port) throws IOException {
            return start(port);
        }
    }

    /**
     * Starts the server; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static RunningServer start(int port) throws IOException {
        var sample = new McpSample("weather", "Knows the weather.", WeatherTools.all());
        return LoopbackMcpServer.start(sample, port);
    }
}
