package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadStartTest {
    private final Scratch scratch = Scratch.make();

    @AfterEach
    void clear() throws IOException {
        scratch.delete();
    }

    @Test
    void aTakenPortIsOneClearLine() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());

            assertRefused("port " + port + " is taken", "--dev", "--port", port);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsOneClearLine() throws IOException, InterruptedException {
        assertRefused("not writable", "--dev", "--port", "0", "--data", "/proc/none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/below", "/far/below"})
    void aFileInPlaceOfTheFolderIsOneClearLine(String below)
            throws IOException, InterruptedException {
        var file = Files.createFile(scratch.path().resolve("file"));

        assertRefused(
                "cannot be made: " + file + " is a file",
                "--dev",
                "--port",
                "0",
                "--data",
                file + below);
    }

    @Test
    void aWrongDatabaseUrlIsOneClearLine() throws IOException, InterruptedException {
        assertRefused(
                "the database cannot be reached",
                "--dev",
                "--port",
                "0",
                "--database-url",
                "jdbc:postgresql://127.0.0.1:1/none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://127.0.0.1/x",
                "jdbc:mysql://127.0.0.1/x",
                "jdbc:postgresq:x",
                ""
            })
    void aUrlOfAnotherDatabaseIsOneClearLine(String url) throws IOException, InterruptedException {
        assertRefused(
                "--database-url must begin with jdbc:postgresql:",
                "--dev",
                "--port",
                "0",
                "--database-url",
                url);
    }

    @Test
    void aMissingSealKeyIsOneClearLine() throws IOException, InterruptedException {
        assertRefused("SALLYPORT_SEAL_KEY is required", "--port", "0");
        assertThat(scratch.path().resolve("data")).doesNotExist();
    }

    @Test
    void anUnknownOptionIsOneClearLine() throws IOException, InterruptedException {
        assertRefused("unknown option: --nonsense", "--nonsense");
    }

    @Test
    void profilesThatAnybodyCouldHaveWrittenAreOneClearLine()
            throws IOException, InterruptedException {
        var file = Files.writeString(scratch.path().resolve("profiles"), "{\"profiles\":{}}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertRefused("written by others", "--dev", "--port", "0", "--profiles=" + file);
    }

    @Test
    void aSettingWithASlipIsOneClearLine() throws IOException, InterruptedException {
        var file =
                Files.writeString(
                        scratch.path().resolve("gateway.yaml"), "sallyport.mcp.sesions: 5");

        assertRefused(
                "sallyport.mcp.sesions is no setting (line 1 of gateway.yaml); the closest is"
                        + " sallyport.mcp.sessions",
                "--dev",
                "--port",
                "0",
                "--config=" + file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SALLYPORT_HTTP_MAXUNREAD | sallyport.http.max-unread must be a whole number (SALLYPORT_HTTP_MAXUNREAD in the environment)
                    SALLYPORT_HTTP_MAXUNRAED | SALLYPORT_HTTP_MAXUNRAED is no setting (in the environment); the closest is SALLYPORT_HTTP_MAXUNREAD
                    """)
    void aWrongVariableIsOneClearLineBeforeAnythingIsStarted(String variable, String sentence)
            throws IOException, InterruptedException {
        var data = scratch.path().resolve("data");
        var gateway = GatewayProcess.serve(data, Map.of(variable, "none"), "--dev", "--port=0");

        assertThat(gateway.awaitEnd()).containsOnlyOnce("sallyport: ").contains(sentence);
        assertThat(data.resolve("database")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "missing.yaml, does not exist or cannot be read",
        "broken.yaml, is not YAML: see its line 2"
    })
    void aFileOfSettingsThatCannotBeReadIsOneClearLine(String name, String sentence)
            throws IOException, InterruptedException {
        Files.writeString(scratch.path().resolve("broken.yaml"), "a: [b\n- c: \"secret");
        var file = scratch.path().resolve(name);

        assertRefused(
                "the file " + file + " of --config " + sentence,
                "--dev",
                "--port",
                "0",
                "--config=" + file);
    }

    /** What was sealed with one key is not served with another, nor tried out. */
    @Test
    void productionIsServedWithItsKeyAndNotInDevMode() throws IOException, InterruptedException {
        var data = scratch.path().resolve("data");
        var own = Map.of("SALLYPORT_SEAL_KEY", "5a".repeat(32));
        GatewayProcess.bootstrap(data, own);
        var other = Map.of("SALLYPORT_SEAL_KEY", "5b".repeat(32));

        var wrongKey = GatewayProcess.serve(data, other, "--port=0").awaitEnd();
        var withoutKey = GatewayProcess.serve(data, "--dev", "--port=0").awaitEnd();
        var tried = GatewayProcess.serve(data, own, "--dev", "--port=0").awaitEnd();

        assertThat(wrongKey)
                .containsOnlyOnce("sallyport: SALLYPORT_SEAL_KEY is not the key that sealed")
                .doesNotContain("\tat ", "WARN");
        assertThat(withoutKey).contains("SALLYPORT_SEAL_KEY is missing");
        assertThat(tried).contains("was not made by --dev; start without --dev");
        assertThat(data.resolve("credentials")).doesNotExist();
        assertThat(data.resolve("seal.key")).doesNotExist();
    }

    private void assertRefused(String sentence, String... arguments)
            throws IOException, InterruptedException {
        var gateway = GatewayProcess.serve(scratch.path().resolve("data"), arguments);
        var said = gateway.awaitEnd();

        assertThat(said.lines().filter(it -> it.startsWith("sallyport: "))).hasSize(1);
        assertThat(said)
                .contains(sentence)
                .doesNotContain("\tat ", "SQL state null", "No appenders present", "WARN");
        assertThat(gateway.process().exitValue()).isNotZero();
    }
}
