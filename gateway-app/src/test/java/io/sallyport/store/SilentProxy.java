package io.sallyport.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a database whose host is lost in the middle of the first login: it takes all that
 * comes and says nothing more. Later connections are forwarded.
 */
final class SilentProxy implements AutoCloseable {
    private final DatabaseAddress database;
    private final int told;
    private final ServerSocket server;
    private final AtomicInteger swallowed = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private SilentProxy(DatabaseAddress database, int told) throws IOException {
        this.database = database;
        this.told = told;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /**
     * @param told how many bytes the client of the first login still hears
     */
    static SilentProxy before(DatabaseAddress database, int told) throws IOException {
        var proxy = new SilentProxy(database, told);
        var _ = proxy.threads.submit(proxy::serve);
        return proxy;
    }

    DatabaseAddress address() {
        var url = database.url().replace(":" + port() + "/", ":" + server.getLocalPort() + "/");
        return new DatabaseAddress(url, database.user(), database.password());
    }

    private int port() {
        return URI.create(database.url().substring("jdbc:".length())).getPort();
    }

    /** How many logins it has kept waiting. */
    int swallowed() {
        return swallowed.get();
    }

    private void serve() {
        var isFirst = true;
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var upstream = new Socket(InetAddress.getLoopbackAddress(), port());
                var most = isFirst ? told : Long.MAX_VALUE;
                isFirst = false;
                var _ = threads.submit(() -> forward(client, upstream, Long.MAX_VALUE));
                var _ = threads.submit(() -> forward(upstream, client, most));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    /** Hands on so many bytes, and drops the rest. */
    private void forward(Socket from, Socket to, long most) {
        try (from;
                to) {
            copy(from.getInputStream(), to.getOutputStream(), most);
        } catch (IOException _) {
            // either side is gone
        }
    }

    private void copy(InputStream from, OutputStream to, long most) throws IOException {
        var left = most;
        var buffer = new byte[8192];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            var part = (int) Math.min(read, left);
            to.write(buffer, 0, part);
            left -= part;
            if (part < read && swallowed.get() == 0) {
                swallowed.incrementAndGet();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        threads.close();
    }
}
