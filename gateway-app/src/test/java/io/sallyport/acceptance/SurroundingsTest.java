package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway leaves to others that run beside it: its programs, and who shares the machine. */
@Timeout(240)
class SurroundingsTest {
    private static final String CANARY = "c0ffee".repeat(10) + "c0ff";
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");
    private static final Scratch SCRATCH = Scratch.make();

    private static GatewayProcess gateway;

    /** With secrets around it, and with a umask that closes nothing. */
    @BeforeAll
    static void start() throws IOException {
        var environment =
                Map.of(
                        "SALLYPORT_SEAL_KEY", CANARY,
                        "SALLYPORT_DATABASE_PASSWORD", CANARY,
                        "OPENAI_API_KEY", CANARY,
                        "JAVA_TOOL_OPTIONS", "-Dcanary=" + CANARY,
                        "LC_TIME", "C");
        gateway =
                GatewayProcess.serveAfter(
                        List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"),
                        SCRATCH.path().resolve("data"),
                        environment,
                        "--dev",
                        "--port",
                        "0");
        gateway.awaitUrl();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        gateway.stop();
        SCRATCH.delete();
    }

    /** H17. */
    @Test
    void theDatabaseLearnsNoSecretOfTheGateway() throws IOException {
        var server = ProcessHandle.of(serverId()).orElseThrow();
        var all = Stream.concat(Stream.of(server), server.descendants()).toList();

        assertThat(all).hasSizeGreaterThan(1);
        for (var process : all) {
            assertThat(environment(process))
                    .doesNotContain(CANARY, "SALLYPORT_", "OPENAI_", "JAVA_TOOL_OPTIONS");
        }
        assertThat(environment(server)).contains("PATH=", "LC_TIME=C");
    }

    private static long serverId() throws IOException {
        var file = gateway.data().resolve("database/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }

    private static String environment(ProcessHandle process) throws IOException {
        var file = Path.of("/proc/" + process.pid() + "/environ");
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /** H18. */
    @Test
    void nothingThatTheGatewayKeepsIsOpenToOthers() throws IOException {
        try (var files = Files.walk(gateway.data())) {
            assertThat(files.filter(it -> !isProgram(it)).filter(SurroundingsTest::isOpen))
                    .isEmpty();
        }
    }

    private static boolean isProgram(Path file) {
        return file.startsWith(gateway.data().resolve("postgresql"))
                && !file.equals(gateway.data().resolve("postgresql"));
    }

    private static boolean isOpen(Path file) {
        try {
            return !OWNERS.containsAll(Files.getPosixFilePermissions(file));
        } catch (IOException _) {
            return false; // the database removes files as it goes
        }
    }
}
