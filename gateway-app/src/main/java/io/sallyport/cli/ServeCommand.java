package io.sallyport.cli;

import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.DatabaseAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code serve}: the gateway in the foreground, until SIGTERM or SIGINT. */
final class ServeCommand {
    private static final int PORT = 8080;

    private ServeCommand() {}

    static int run(List<String> arguments) throws InterruptedException {
        var read =
                Arguments.read(
                        arguments,
                        Set.of("--dev"),
                        Set.of(
                                "--port",
                                "--data",
                                "--profiles",
                                "--database-url",
                                "--database-user"));
        var options =
                new Gateway.Options(
                        read.has("--dev"),
                        read.port("--port", PORT),
                        Path.of(read.value("--data").orElse("data")),
                        database(read),
                        profiles(read));
        var gateway = Begun.untilExit().begin(() -> Gateway.start(options), ServeCommand::stop);
        if (options.profiles() instanceof LaunchProfiles.OfFile file) {
            file.tellOfRefused();
            Hangup.does(file::reload);
        }
        gateway.announce(CommandLine.out());
        return CommandLine.KEEP_RUNNING;
    }

    private static void stop(Gateway gateway) {
        gateway.close();
        CommandLine.finishLog();
    }

    private static LaunchProfiles profiles(Arguments read) {
        return setting(read, "--profiles", "SALLYPORT_PROFILES")
                .map(it -> ProfilesFile.read(Path.of(it)))
                .orElseGet(LaunchProfiles.Off::new);
    }

    static Optional<DatabaseAddress> database(Arguments read) {
        return setting(read, "--database-url", "SALLYPORT_DATABASE_URL")
                .map(url ->
                        new DatabaseAddress(
                                postgresql(url),
                                setting(read, "--database-user", "SALLYPORT_DATABASE_USER")
                                        .orElse("sallyport"),
                                Optional.ofNullable(System.getenv("SALLYPORT_DATABASE_PASSWORD"))
                                        .orElse("")));
    }

    private static String postgresql(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new UsageError("--database-url must begin with jdbc:postgresql:");
        }
        return url;
    }

    private static Optional<String> setting(Arguments read, String option, String variable) {
        return read.value(option).or(() -> Optional.ofNullable(System.getenv(variable)));
    }
}
