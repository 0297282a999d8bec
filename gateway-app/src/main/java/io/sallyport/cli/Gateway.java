package io.sallyport.cli;

import io.sallyport.servers.LaunchProfiles;
import io.sallyport.settings.WrongSetting;
import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.GatewayFolder;
import io.sallyport.store.StartFailure;
import io.sallyport.store.Store;
import io.sallyport.telemetry.ManagementServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import reactor.core.publisher.Hooks;

/** One running gateway: its data folder, and the application context that holds the rest. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final Options options;
    private final FileLock lock;
    private final ConfigurableApplicationContext context;
    private final Optional<DevKeys> devKeys;

    /**
     * @param port 0 for any free one
     * @param database absent for the embedded one
     * @param profiles the programs that may be started as MCP servers
     * @param config files of settings; the last one counts
     */
    public record Options(
            boolean dev,
            int port,
            Path data,
            Optional<DatabaseAddress> database,
            LaunchProfiles profiles,
            List<Path> config) {
        /** Without files of settings. */
        public Options(
                boolean dev,
                int port,
                Path data,
                Optional<DatabaseAddress> database,
                LaunchProfiles profiles) {
            this(dev, port, data, database, profiles, List.of());
        }
    }

    private Gateway(
            Options options,
            FileLock lock,
            ConfigurableApplicationContext context,
            Optional<DevKeys> devKeys) {
        this.options = options;
        this.lock = lock;
        this.context = context;
        this.devKeys = devKeys;
    }

    /**
     * Starts a gateway on 127.0.0.1.
     *
     * @throws StartFailure in one sentence; nothing is left running
     */
    public static Gateway start(Options options) throws InterruptedException {
        CommandLine.beginLog();
        Hooks.onErrorDropped(Gateway::dropped);
        options.config().forEach(Gateway::refuseUnreadable);
        refuseTakenPort(options.port());
        refuseDevFolder(options, GatewayFolder.existing(options.data()));
        SealKey.require(options.dev());
        var folder = GatewayFolder.open(options.data());
        var lock = folder.lock();
        try {
            var sealKey = SealKey.find(folder, options.dev());
            return serve(new InstallationConfiguration.Prepared(options, folder, sealKey), lock);
        } catch (RuntimeException | InterruptedException e) {
            CommandLine.release(lock);
            throw e;
        }
    }

    /** Came when its caller had gone or was answered; its text may hold what no log may. */
    private static void dropped(Throwable late) {
        LOG.debug("late failure: {}", late.getClass().getSimpleName());
    }

    private static Gateway serve(InstallationConfiguration.Prepared prepared, FileLock lock)
            throws InterruptedException {
        var context = context(prepared);
        try {
            var keys = devKeys(prepared, context.getBean(Store.class));
            var gateway = new Gateway(prepared.options(), lock, context, keys);
            var ownPorts = context.getBean(OwnPorts.class);
            ownPorts.add(gateway.port());
            ownPorts.add(gateway.managementPort());
            keys.ifPresent(it -> it.write(prepared.folder(), gateway.url()));
            return gateway;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static Optional<DevKeys> devKeys(
            InstallationConfiguration.Prepared prepared, Store store) {
        return prepared.options().dev()
                ? Optional.of(DevKeys.ensure(prepared.folder(), store))
                : Optional.empty();
    }

    private static void refuseDevFolder(Options options, GatewayFolder folder) {
        if (!options.dev() && DevKeys.isMadeByDev(folder)) {
            throw new StartFailure(
                    "the data folder "
                            + options.data()
                            + " was made by --dev; start with --dev, or"
                            + " with an empty folder");
        }
    }

    private static void refuseUnreadable(Path config) {
        if (!Files.isRegularFile(config) || !Files.isReadable(config)) {
            throw new StartFailure(named(List.of(config)) + " does not exist or cannot be read");
        }
    }

    /** Told before anything is started; the web server would notice only at the end. */
    private static void refuseTakenPort(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new StartFailure("port " + port + " is taken; choose another with --port", e);
        }
    }

    private static ConfigurableApplicationContext context(
            InstallationConfiguration.Prepared prepared) throws InterruptedException {
        var application = new SpringApplication(WebApplication.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setRegisterShutdownHook(false);
        application.addInitializers(
                it -> it.getBeanFactory().registerSingleton("prepared", prepared));
        try {
            return application.run(arguments(prepared.options()));
        } catch (PortInUseException e) {
            var port = prepared.options().port();
            throw new StartFailure("port " + port + " is taken; choose another with --port", e);
        } catch (MarkedYAMLException e) {
            throw new StartFailure(
                    named(prepared.options().config()) + " is not YAML" + line(e), e);
        } catch (RuntimeException e) {
            throw reason(e);
        }
    }

    /** Why a bean could not be made, in the words of the one who knows. */
    private static RuntimeException reason(RuntimeException failure) throws InterruptedException {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof StartFailure told) {
                return told;
            } else if (it instanceof InterruptedException interrupted) {
                throw interrupted;
            }
        }
        return WrongSetting.behind(failure)
                .<RuntimeException>map(
                        it -> new StartFailure(String.valueOf(it.getMessage()), failure))
                .orElse(failure);
    }

    /** Which of several it was is not told. */
    private static String named(List<Path> config) {
        return config.stream()
                .map(Path::toString)
                .collect(Collectors.joining(" or ", "the file ", " of --config"));
    }

    private static String line(MarkedYAMLException failure) {
        var mark = failure.getProblemMark();
        return mark == null ? "" : ": see its line " + (mark.getLine() + 1);
    }

    /** No file is read but those that are named: not one that lies where somebody starts us. */
    private static String[] arguments(Options options) {
        var files = options.config().stream().map(it -> it.toAbsolutePath().toUri().toString());
        return new String[] {
            "--server.address=" + LOOPBACK,
            "--server.port=" + options.port(),
            "--spring.config.location=classpath:/application.yaml",
            "--spring.config.additional-location=" + files.collect(Collectors.joining(","))
        };
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private int managementPort() {
        return context.getBean(ManagementServer.class).port();
    }

    /** Where operators find health and metrics. */
    public URI managementUrl() {
        return URI.create("http://" + LOOPBACK + ":" + managementPort());
    }

    public URI url() {
        return URI.create("http://" + LOOPBACK + ":" + port());
    }

    /** For tests that must not miss a route. */
    ConfigurableApplicationContext context() {
        return context;
    }

    /** The keys of dev mode. */
    public Optional<DevKeys> devKeys() {
        return devKeys;
    }

    /** Tells the terminal where it listens and, the first time, the keys. */
    void announce(PrintStream terminal) {
        terminal.println("Sallyport listens on " + url());
        terminal.println("health and metrics: " + managementUrl());
        devKeys.filter(DevKeys::fresh)
                .ifPresent(it -> {
                    terminal.println("platform-admin key: " + it.admin());
                    terminal.println("agent key:          " + it.agent());
                    terminal.println(
                            "both are in "
                                    + options.data().resolve(DevKeys.FILE)
                                    + " and are not shown again");
                });
    }

    /** Stops taking requests, ends or records what runs, then closes store and database. */
    @Override
    public void close() {
        context.close();
        CommandLine.release(lock);
    }
}
