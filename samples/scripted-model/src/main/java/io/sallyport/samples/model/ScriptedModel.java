package io.sallyport.samples.model;

import com.sun.net.httpserver.HttpServer;
import io.sallyport.samples.command.Listening;
import io.sallyport.samples.command.SampleCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * An OpenAI-compatible endpoint on 127.0.0.1 whose answers a {@link Script} decides. Serves {@code
 * POST /v1/chat/completions}, plain and streamed, and {@code GET /v1/models}. Any credential will
 * do.
 */
public final class ScriptedModel implements Listening {

    static {
        // Without it the JDK's server holds back each small chunk for up to 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads;
    private final ChatHandler chat;

    private ScriptedModel(HttpServer http, ExecutorService threads, ChatHandler chat) {
        this.http = http;
        this.threads = threads;
        this.chat = chat;
    }

    public static void main(String[] args) throws InterruptedException {
        new Start().run(args);
    }

    @Command(
            name = "model",
            description =
                    "Serves an OpenAI-compatible model whose answers are written down beforehand.")
    private static final class Start extends SampleCommand {
        @Option(
                names = "--script",
                paramLabel = "FILE",
                description = "JSON script, in addition to the ones built in",
                converter = ReadScript.class)
        private Optional<Script> script = Optional.empty();

        @Override
        protected Listening launch(int port) throws IOException {
            return start(port, script.map(Script.standard()::and).orElseGet(Script::standard));
        }
    }

    private static final class ReadScript implements ITypeConverter<Script> {
        @Override
        public Script convert(String file) {
            try {
                return Script.read(Path.of(file));
            } catch (IOException unreadable) {
                throw new TypeConversionException("cannot be read");
            } catch (MalformedScript malformed) {
                throw new TypeConversionException(String.valueOf(malformed.getMessage()));
            }
        }
    }

    /**
     * Starts; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static ScriptedModel start(int port, Script script) throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var http = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var chat = new ChatHandler(script);
        http.createContext("/v1/chat/completions", chat);
        http.createContext("/", new ModelsHandler(script));
        http.setExecutor(threads);
        http.start();
        return new ScriptedModel(http, threads, chat);
    }

    /** The bodies of the newest chat requests in order of arrival, at most 256. */
    public List<String> requests() {
        return received().stream().map(ReceivedRequest::body).toList();
    }

    /** The newest chat requests in order of arrival, at most 256. */
    public List<ReceivedRequest> received() {
        return chat.received();
    }

    /** How many streams the client left before their end. */
    public int abandoned() {
        return chat.abandoned();
    }

    @Override
    public int port() {
        return http.getAddress().getPort();
    }

    /** The base URL for clients; it ends in {@code /v1}. */
    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port() + "/v1");
    }

    @Override
    public void close() {
        chat.stop();
        http.stop(0);
        threads.shutdownNow();
    }
}
