package io.sallyport.store;

import io.sallyport.threads.Supervision;
import java.net.URI;
import java.util.Optional;

/** The PostgreSQL of a gateway: one that an operator runs, or its own, which ends with it. */
public final class DatabaseServer implements AutoCloseable {
    private static final int USUAL_PORT = 5432;

    private final DatabaseAddress address;
    private final Optional<EmbeddedDatabase> own;

    private DatabaseServer(DatabaseAddress address, Optional<EmbeddedDatabase> own) {
        this.address = address;
        this.own = own;
    }

    /**
     * Starts the one of the folder, if no operator runs one.
     *
     * @throws StartFailure if it does not come up
     */
    public static DatabaseServer of(Optional<DatabaseAddress> given, GatewayFolder folder) {
        return given.map(it -> new DatabaseServer(it, Optional.empty()))
                .orElseGet(() -> startedIn(folder));
    }

    /** The same for the time being: one that ran already runs on when this is closed. */
    static DatabaseServer visited(Optional<DatabaseAddress> given, GatewayFolder folder) {
        var server = of(given, folder);
        return new DatabaseServer(server.address, server.own.filter(it -> !it.wasFound()));
    }

    private static DatabaseServer startedIn(GatewayFolder folder) {
        var embedded = EmbeddedDatabase.start(folder);
        return new DatabaseServer(embedded.address(), Optional.of(embedded));
    }

    public DatabaseAddress address() {
        return address;
    }

    /** Nothing that an admin registers may lead to our own database. */
    public int port() {
        var port = URI.create(address.url().substring("jdbc:".length())).getPort();
        return port < 0 ? USUAL_PORT : port;
    }

    /** From now on starts its own again, at the same address, if it ends by itself. */
    public void keepRunning(Supervision supervision) {
        own.ifPresent(it -> it.keepRunning(supervision));
    }

    /** Stops its own, and leaves another's alone. */
    @Override
    public void close() {
        own.ifPresent(EmbeddedDatabase::close);
    }
}
