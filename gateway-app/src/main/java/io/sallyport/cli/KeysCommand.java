package io.sallyport.cli;

import io.sallyport.identity.Caller;
import io.sallyport.identity.KeyText;
import io.sallyport.policy.TenantId;
import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.EmbeddedDatabase;
import io.sallyport.store.GatewayFolder;
import io.sallyport.store.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code keys bootstrap}: the first admin key of an installation, made while no gateway runs. */
final class KeysCommand {
    private static final TenantId TENANT = new TenantId("default");

    private KeysCommand() {}

    static int run(List<String> arguments) throws InterruptedException {
        CommandLine.keepRecordsOutOfTheLog();
        if (arguments.isEmpty() || !arguments.getFirst().equals("bootstrap")) {
            throw new UsageError("keys knows bootstrap only");
        }
        var options =
                Arguments.read(
                        arguments.subList(1, arguments.size()),
                        Set.of(),
                        Set.of("--data", "--owner", "--database-url", "--database-user"));
        var owner = options.value("--owner").orElse("user:admin");
        if (!owner.matches("user:[A-Za-z0-9._@-]{1,128}")) {
            throw new UsageError("--owner must look like user:ada");
        }
        bootstrap(options, owner);
        return 0;
    }

    private static void bootstrap(Arguments options, String owner) throws InterruptedException {
        var folder = GatewayFolder.open(Path.of(options.value("--data").orElse("data")));
        var lock = folder.lock();
        var sealKey = SealKey.find(folder, false);
        var database = ServeCommand.database(options);
        Optional<EmbeddedDatabase> embedded =
                database.isPresent()
                        ? Optional.empty()
                        : Optional.of(EmbeddedDatabase.start(folder));
        try {
            DatabaseAddress address =
                    database.or(() -> embedded.map(EmbeddedDatabase::address)).orElseThrow();
            create(
                    new Store.Settings(
                            address, folder, sealKey, NodeName.of(folder), Clock.systemUTC()),
                    owner);
        } finally {
            embedded.ifPresent(EmbeddedDatabase::close);
            CommandLine.release(lock);
        }
    }

    private static void create(Store.Settings settings, String owner) throws InterruptedException {
        try (var store = Store.open(settings)) {
            var text = KeyText.mint(new SecureRandom());
            var key = DevKeys.adminKey(text, store, TENANT, owner);
            var by = new Caller(key, "bootstrap");
            store.settings().create(TENANT, by);
            store.settings().addKey(key, by);
            CommandLine.out().println(text.reveal());
        }
    }
}
