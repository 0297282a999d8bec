package io.sallyport.acceptance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Java programs that tests start, from what the tests themselves are made of. Tests start dozens of
 * gateways: so the first that needs one packs the class path, records one start in a JDK AOT cache
 * (JEP 514) and keeps the unpacked database, for all of this build, and the others take half of the
 * time.
 */
final class JavaProgram {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Programs live too short for what C2 compiles. */
    private static final String C1 = "-XX:TieredStopAtLevel=1";

    /** As the gateway makes its folder. */
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private final Path folder;

    private JavaProgram(Path folder) {
        this.folder = folder;
    }

    private static final class Made {
        private static final JavaProgram PROGRAM = ready();
    }

    /** The command that runs a class of the tests' class path. */
    static List<String> command(String main, List<String> arguments) {
        return Made.PROGRAM.command(Made.PROGRAM.cacheFlags(), main, arguments);
    }

    /** The same for one whose classes are changed as they are loaded, which no cache has. */
    static List<String> instrumented(String main, List<String> flags, List<String> arguments) {
        return Made.PROGRAM.command(flags, main, arguments);
    }

    /** Spares a new data folder the unpacking of its database. */
    static void provide(Path data) throws IOException {
        var target = data.resolve("postgresql");
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(data, PosixFilePermissions.asFileAttribute(OWNERS));
        var source = Made.PROGRAM.folder.resolve("postgresql");
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                Files.copy(
                        file,
                        target.resolve(source.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private List<String> command(List<String> flags, String main, List<String> arguments) {
        var command = new ArrayList<>(List.of(JAVA, C1, "-cp", packed()));
        command.addAll(flags);
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    private List<String> cacheFlags() {
        return List.of("-XX:AOTCache=" + folder.resolve("start.aot"), "-Xlog:aot*=off");
    }

    /** Other forks of the same build wait for the one that makes it. */
    private static JavaProgram ready() {
        try (var channel =
                        FileChannel.open(
                                Files.createDirectories(TARGET).resolve("programs.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            var program = new JavaProgram(TARGET.resolve("programs").resolve(name()));
            if (!Files.exists(program.folder.resolve("postgresql"))) {
                delete(TARGET.resolve("programs"));
                program.make();
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void make() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (var entry : entries()) {
            if (Files.isDirectory(entry)) {
                pack(entry);
            }
        }
        var data = folder.resolve("data");
        var serve = List.of("serve", "--dev", "--port", "0", "--data", data.toString());
        var record = List.of("-XX:AOTCacheOutput=" + folder.resolve("start.aot"));
        var process =
                new ProcessBuilder(command(record, GatewayProcess.MAIN, serve))
                        .redirectErrorStream(true)
                        .start();
        var gateway = new GatewayProcess(process, data);
        try {
            gateway.awaitUrl();
            gateway.stop();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        Files.move(data.resolve("postgresql"), folder.resolve("postgresql")); // the last: complete
        delete(data);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            new Scratch(folder).delete();
        }
    }

    private void pack(Path classes) {
        var jar = jar(classes).toString();
        var packer = ToolProvider.findFirst("jar").orElseThrow();
        var code =
                packer.run(
                        System.out,
                        System.err,
                        "--create",
                        "--no-compress",
                        "--file",
                        jar,
                        "-C",
                        classes.toString(),
                        ".");
        if (code != 0) {
            throw new AssertionError("the classes cannot be packed");
        }
    }

    private Path jar(Path classes) {
        return folder.resolve(Integer.toHexString(classes.hashCode()) + ".jar");
    }

    private String packed() {
        return entries().stream()
                .map(it -> Files.isDirectory(it) ? jar(it) : it)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> entries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(it -> !it.isEmpty()) // which would be the current folder
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    /** Another name whenever something on the class path is another. */
    private static String name() throws IOException {
        long newest = 0;
        for (var entry : entries()) {
            try (var files = Files.walk(entry)) {
                for (var file : files.toList()) {
                    newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return Integer.toHexString(entries().hashCode()) + "-" + newest;
    }
}
