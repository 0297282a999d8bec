package io.sallyport.cli;

import io.sallyport.identity.Caller;
import io.sallyport.identity.KeyText;
import io.sallyport.policy.TenantId;
import io.sallyport.store.DatabaseServer;
import io.sallyport.store.GatewayFolder;
import io.sallyport.store.StartFailure;
import io.sallyport.store.Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys}: what can be done about keys while no gateway runs. */
@Command(
        name = "keys",
        synopsisSubcommandLabel = "COMMAND",
        description = "The first admin key of an installation.",
        subcommands = KeysCommand.Bootstrap.class)
final class KeysCommand {
    private static final TenantId TENANT = new TenantId("default");

    /** {@code keys bootstrap}: the first admin key of an installation. */
    @Command(
            name = "bootstrap",
            description = {
                "Makes a platform-admin key and prints it, each time another one.",
                "Makes the tenant \"default\", too, if it is missing. No gateway may run on the data"
                        + " folder."
            },
            footer = {"", "Without --dev, SALLYPORT_SEAL_KEY (64 hex digits) is required."})
    static final class Bootstrap implements Callable<Integer> {
        @Mixin private final Installation installation = new Installation();

        @Option(
                names = "--owner",
                paramLabel = "user:NAME",
                description = "whose key it is, default ${DEFAULT-VALUE}",
                defaultValue = "user:admin")
        private String owner = "";

        @Option(names = "--dev", description = "for a folder that serve --dev made")
        private boolean isDev;

        @Override
        public Integer call() throws InterruptedException {
            CommandLine.keepRecordsOutOfTheLog();
            if (!owner.matches("user:[A-Za-z0-9._@-]{1,128}")) {
                throw new UsageError("--owner must look like user:ada");
            }
            bootstrap();
            return 0;
        }

        private void bootstrap() throws InterruptedException {
            var database = installation.database();
            requireMode(GatewayFolder.existing(installation.data()));
            SealKey.require(isDev);
            var folder = GatewayFolder.open(installation.data());
            var lock = folder.lock();
            var sealKey = SealKey.find(folder, isDev);
            try (var server = DatabaseServer.of(database, folder)) {
                create(
                        new Store.Settings(
                                server.address(),
                                folder,
                                sealKey,
                                NodeName.of(folder),
                                Clock.systemUTC()));
            } finally {
                CommandLine.release(lock);
            }
        }

        private void requireMode(GatewayFolder folder) {
            if (isDev != DevKeys.isMadeByDev(folder)) {
                throw new StartFailure(
                        "the data folder "
                                + installation.data()
                                + (isDev
                                        ? " was not made by serve --dev"
                                        : " was made by serve --dev; say --dev here, too"));
            }
        }

        private void create(Store.Settings settings) throws InterruptedException {
            try (var store = Store.open(settings)) {
                store.requireMode(isDev, isDev);
                var text = KeyText.mint(new SecureRandom());
                var key = DevKeys.adminKey(text, store, TENANT, owner);
                var by = new Caller(key, "bootstrap");
                store.settings().create(TENANT, by);
                store.settings().addKey(key, by);
                CommandLine.out().println(text.reveal());
            }
        }
    }
}
