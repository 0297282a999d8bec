package io.sallyport.samples.hosting;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * One sample over Streamable HTTP at {@code /mcp} of 127.0.0.1. A Host that is not this machine and
 * any Origin are refused: no web page may call a sample.
 */
public final class LoopbackMcpServer implements RunningServer {

    private static final String PATH = "/mcp";

    /** All samples carry the version of this project. */
    private static final String VERSION = "0.1.0";

    private final McpSyncServer mcp;
    private final RequestLog log;
    private final LoopbackContainer container;
    private final int port;

    private LoopbackMcpServer(McpSyncServer mcp, RequestLog log, LoopbackContainer container) {
        this.mcp = mcp;
        this.log = log;
        this.container = container;
        this.port = container.port();
    }

    /**
     * Starts {@code sample} on {@code port}; 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static LoopbackMcpServer start(McpSample sample, int port) throws IOException {
        var transport = transport();
        var mcp = mcp(sample, transport);
        var log = new RequestLog();
        try {
            var filters = List.of(new PlainErrors(), log);
            var container = LoopbackContainer.start(port, PATH, transport, filters);
            return new LoopbackMcpServer(mcp, log, container);
        } catch (IOException failed) {
            mcp.close();
            throw failed;
        }
    }

    /** Lists {@code tool} from now on instead of the one with its name; clients are notified. */
    public void replace(SampleTool tool) {
        mcp.addTool(tool.specification());
    }

    /** Runs {@code action} from now on before each tools/list is answered, on the same thread. */
    public void beforeListing(Runnable action) {
        log.beforeListing(action);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port() + PATH);
    }

    @Override
    public Map<String, Integer> calls() {
        return log.calls();
    }

    @Override
    public List<ReceivedRequest> received() {
        return log.received();
    }

    @Override
    public void close() {
        mcp.close();
        container.close();
    }

    private static HttpServletStreamableServerTransportProvider transport() {
        var sameMachine =
                DefaultServerTransportSecurityValidator.builder()
                        .allowedHosts(List.of("127.0.0.1:*", "localhost:*"))
                        .build();
        return HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint(PATH)
                .httpHeaderValidator(sameMachine)
                .build();
    }

    private static McpSyncServer mcp(
            McpSample sample, HttpServletStreamableServerTransportProvider transport) {
        return McpServer.sync(transport)
                .serverInfo(sample.name(), VERSION)
                .instructions(sample.instructions())
                .capabilities(ServerCapabilities.builder().tools(true).build())
                .tools(sample.tools().stream().map(SampleTool::specification).toList())
                .build();
    }
}
