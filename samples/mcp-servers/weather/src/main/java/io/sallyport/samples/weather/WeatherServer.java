package io.sallyport.samples.weather;

import io.sallyport.samples.command.CommandLine;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.hosting.LoopbackMcpServer;
import io.sallyport.samples.hosting.McpSample;
import io.sallyport.samples.hosting.RunningServer;
import java.io.IOException;
import java.util.List;

/** The weather server: the same question has the same answer, always. */
public final class WeatherServer {

    private static final CommandLine COMMAND_LINE =
            new CommandLine("weather", "Serves forecasts and alerts over MCP.", List.of());

    private WeatherServer() {}

    public static void main(String[] args) throws InterruptedException {
        new SampleCommand(COMMAND_LINE, (port, _) -> start(port)).run(args);
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
