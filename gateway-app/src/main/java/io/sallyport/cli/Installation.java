package io.sallyport.cli;

import io.sallyport.store.DatabaseAddress;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where an installation keeps what it knows: the options of every command that works on one. */
final class Installation {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data folder, default ./${DEFAULT-VALUE}",
            defaultValue = "data")
    private Path data = Path.of("data");

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "a JDBC URL of PostgreSQL instead of the embedded one")
    private Optional<String> databaseUrl = Optional.empty();

    @Option(
            names = "--database-user",
            paramLabel = "USER",
            description = "its user, default sallyport; password in SALLYPORT_DATABASE_PASSWORD")
    private Optional<String> databaseUser = Optional.empty();

    Path data() {
        return data;
    }

    /**
     * Absent for the embedded one.
     *
     * @throws UsageError if it is not one of PostgreSQL
     */
    Optional<DatabaseAddress> database() {
        return databaseUrl
                .or(() -> variable("SALLYPORT_DATABASE_URL"))
                .map(url ->
                        new DatabaseAddress(
                                postgresql(url),
                                databaseUser
                                        .or(() -> variable("SALLYPORT_DATABASE_USER"))
                                        .orElse("sallyport"),
                                variable("SALLYPORT_DATABASE_PASSWORD").orElse("")));
    }

    private static String postgresql(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new UsageError("--database-url must begin with jdbc:postgresql:");
        }
        return url;
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name));
    }
}
