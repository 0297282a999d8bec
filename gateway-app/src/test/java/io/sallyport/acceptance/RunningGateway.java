package io.sallyport.acceptance;

import io.sallyport.cli.Gateway;
import io.sallyport.servers.LaunchProfiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gateway as {@code serve --dev} starts it, in this JVM, shared by all test classes: each makes
 * tenants of its own, so that they do not disturb each other.
 */
final class RunningGateway implements AutoCloseable {
    private static final AtomicInteger TENANTS = new AtomicInteger();

    private final Scratch folder;
    private final Gateway gateway;
    private final Http http;

    private RunningGateway(Scratch folder, Gateway gateway) {
        this.folder = folder;
        this.gateway = gateway;
        http = new Http(gateway.url());
    }

    static RunningGateway start() {
        var folder = Scratch.make();
        var options =
                new Gateway.Options(
                        true, 0, folder.path(), Optional.empty(), new LaunchProfiles.Off());
        try {
            return new RunningGateway(folder, Gateway.start(options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    Gateway gateway() {
        return gateway;
    }

    URI url() {
        return gateway.url();
    }

    Http http() {
        return http;
    }

    Reply send(Ask ask) {
        return http.send(ask);
    }

    String platformKey() {
        return gateway.devKeys().orElseThrow().admin();
    }

    /** A tenant that nobody else uses, with nothing in it. */
    TenantDesk newTenant(String name) {
        var id = name + "-" + TENANTS.incrementAndGet();
        return TenantDesk.create(http, platformKey(), id);
    }

    @Override
    public void close() {
        gateway.close();
        try {
            folder.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("the test's data folder " + folder.path(), e);
        }
    }

    /** True once the gateway's files are there, as a shell would look for them. */
    boolean hasCredentialsFile() {
        return Files.exists(folder.path().resolve("credentials"));
    }
}
