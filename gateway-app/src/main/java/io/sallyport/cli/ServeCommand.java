package io.sallyport.cli;

import io.sallyport.servers.LaunchProfiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code serve}: the gateway in the foreground, until SIGTERM or SIGINT. */
@Command(
        name = "serve",
        description = "The gateway in the foreground, on 127.0.0.1, until SIGTERM or SIGINT.",
        footer = {
            "",
            "Outside --dev, SALLYPORT_SEAL_KEY (64 hex digits) is required. SALLYPORT_DATABASE_URL,"
                    + " SALLYPORT_DATABASE_USER and SALLYPORT_PROFILES stand for the options of"
                    + " their names."
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin private final Installation installation = new Installation();

    @Option(
            names = "--dev",
            description =
                    "relaxations for trying it out: makes keys, and permits plain http to this"
                            + " machine")
    private boolean isDev;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "0 for any free one, default ${DEFAULT-VALUE}",
            defaultValue = "8080",
            converter = PortNumber.class)
    private int port;

    @Option(
            names = "--profiles",
            paramLabel = "FILE",
            description = "programs that may be started as MCP servers; must be yours")
    private Optional<Path> profiles = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "settings, as YAML or properties; of one that is in two files the last"
                            + " counts",
            converter = SettingsFile.class)
    private List<Path> config = List.of();

    @Override
    public Integer call() throws InterruptedException {
        var options =
                new Gateway.Options(
                        isDev,
                        port,
                        installation.data(),
                        installation.database(),
                        profiles(),
                        config);
        StopSignals.heard();
        var begun = Begun.untilExit(it -> CommandLine.out().println("Sallyport " + it));
        var _ = begun.begin(() -> announced(Gateway.start(options), options), ServeCommand::stop);
        return CommandLine.KEEP_RUNNING;
    }

    /** Before a signal that came meanwhile ends it. */
    private static Gateway announced(Gateway gateway, Gateway.Options options) {
        try {
            if (options.profiles() instanceof LaunchProfiles.OfFile file) {
                file.tellOfRefused();
                Signals.on("HUP", file::reload);
            }
            gateway.announce(CommandLine.out());
            return gateway;
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private static void stop(Gateway gateway) {
        gateway.close();
        CommandLine.finishLog();
    }

    private LaunchProfiles profiles() {
        return profiles.or(() ->
                        Optional.ofNullable(System.getenv("SALLYPORT_PROFILES")).map(Path::of))
                .<LaunchProfiles>map(ProfilesFile::read)
                .orElseGet(LaunchProfiles.Off::new);
    }

    /** A file of settings. */
    static final class SettingsFile implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            if (!text.matches(".*\\.(ya?ml|properties)") || text.matches(".*[,;*].*")) {
                throw new TypeConversionException(
                        "must end with .yaml, .yml or .properties, and have none of , ; *");
            }
            return Path.of(text);
        }
    }

    /** A port, or 0. */
    static final class PortNumber implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
                throw new TypeConversionException("must be a port, 0 to 65535");
            }
            return Integer.parseInt(text);
        }
    }
}
