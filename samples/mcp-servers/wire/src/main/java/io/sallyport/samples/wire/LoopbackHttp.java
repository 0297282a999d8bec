package io.sallyport.samples.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.samples.command.Listening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP on one port of 127.0.0.1, each request on its own virtual thread. A Host or an Origin that
 * is not this machine is refused with 403: no web page may call a sample.
 */
public final class LoopbackHttp implements Listening {

    private static final List<String> THIS_MACHINE = List.of("127.0.0.1", "localhost", "[::1]");

    static {
        // Without it the JDK's server holds back each small chunk for up to 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads;

    private LoopbackHttp(HttpServer http, ExecutorService threads) {
        this.http = http;
        this.threads = threads;
    }

    /**
     * Answers one request. A client that leaves meanwhile shows as {@link UncheckedIOException}.
     */
    @FunctionalInterface
    public interface Handler {

        /** Called on a thread of its own, which is interrupted when the server closes. */
        void handle(Exchange exchange) throws IOException, InterruptedException;
    }

    /**
     * Starts; {@code port} 0 means any free port.
     *
     * @throws java.net.BindException if the port is taken
     */
    public static LoopbackHttp start(int port, Handler handler) throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var http = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        http.createContext("/", exchange -> serve(exchange, handler));
        http.setExecutor(threads);
        http.start();
        return new LoopbackHttp(http, threads);
    }

    @Override
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port() + "/mcp");
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.stop(0);
    }

    private static void serve(HttpExchange http, Handler handler) throws IOException {
        var exchange = new Exchange(http);
        try (http) {
            if (isLocal(exchange)) {
                handler.handle(exchange);
            } else {
                exchange.answer(403);
            }
        } catch (UncheckedIOException clientLeft) {
            throw clientLeft.getCause();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isLocal(Exchange exchange) {
        return exchange.header("Host").map(LoopbackHttp::isThisMachine).orElse(false)
                && exchange.header("Origin").map(LoopbackHttp::isOwnOrigin).orElse(true);
    }

    private static boolean isOwnOrigin(String origin) {
        return origin.startsWith("http://") && isThisMachine(origin.substring("http://".length()));
    }

    private static boolean isThisMachine(String authority) {
        return THIS_MACHINE.contains(authority.replaceFirst(":[0-9]{1,5}$", ""));
    }
}
