package io.sallyport.samples.notes;

import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.SampleCommand;
import io.sallyport.samples.hosting.LoopbackMcpServer;
import io.sallyport.samples.hosting.McpSample;
import io.sallyport.samples.hosting.ReceivedRequest;
import io.sallyport.samples.hosting.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The notes server. To show what drift is, the description of {@code read_note} can change while
 * the server runs: by {@link #describeReadNote}, or through a drift file ({@link DriftFile}).
 */
public final class NotesServer implements RunningServer {

    private final LoopbackMcpServer server;
    private final NoteTools tools;

    private NotesServer(LoopbackMcpServer server, NoteTools tools) {
        this.server = server;
        this.tools = tools;
    }

    public static void main(String[] args) throws InterruptedException {
        new Start().run(args);
    }

    @Command(name = "notes", description = "Serves notes over MCP: list, read, create and delete.")
    private static final class Start extends SampleCommand {
        @Option(
                names = "--drift-file",
                paramLabel = "FILE",
                description = "while FILE exists, its text describes read_note")
        private Optional<Path> driftFile = Optional.empty();

        @Override
        protected Listening launch(int port) throws IOException {
            var notes = start(port);
            driftFile.map(DriftFile::new).ifPresent(notes::watch);
            return notes;
        }
    }

    /**
     * Starts with three notes; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static NotesServer start(int port) throws IOException {
        var tools = new NoteTools(new Notebook());
        var sample = new McpSample("notes", "Keeps short notes.", tools.all());
        return new NotesServer(LoopbackMcpServer.start(sample, port), tools);
    }

    /** Lists {@code read_note} with {@code description} from now on; clients are notified. */
    public void describeReadNote(String description) {
        server.replace(tools.readNote().described(description));
    }

    /** Lists {@code read_note} as at the start. */
    public void restoreReadNote() {
        server.replace(tools.readNote());
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public URI endpoint() {
        return server.endpoint();
    }

    @Override
    public Map<String, Integer> calls() {
        return server.calls();
    }

    @Override
    public List<ReceivedRequest> received() {
        return server.received();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Looks at {@code file} from now on, each time before the tools are listed. */
    void watch(DriftFile file) {
        server.beforeListing(() -> file.apply(this));
    }
}
