package io.sallyport.samples.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.command.SampleCommand.Launch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class SampleCommandTest {

    /** How the sample itself is started. */
    private interface Launcher {
        Listening launch(int port, Optional<String> file) throws IOException;
    }

    @Command(name = "sample", description = "Does nothing.")
    private static final class Start extends SampleCommand {
        private final Launcher launcher;

        @Option(names = "--file", paramLabel = "F", description = "a file to read")
        private Optional<String> file = Optional.empty();

        private Start(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        protected Listening launch(int port) throws IOException {
            return launcher.launch(port, file);
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void startsOnTheGivenPortAndSaysWhereItListens() {
        var launch = launch(SampleCommandTest::listening, "--port", "9101");

        assertThat(launch).isInstanceOf(Launch.Running.class);
        assertThat(out.toString(UTF_8).strip()).isEqualTo("listening on http://127.0.0.1:9101/mcp");
    }

    @Test
    void handsOtherOptionsToTheSample() {
        launch((_, file) -> listening(file.orElseThrow().length()), "--file", "four");

        assertThat(out.toString(UTF_8)).contains(":4/");
    }

    @Test
    void printsHelpAndEndsWithZero() {
        assertThat(launch(SampleCommandTest::listening, "--port", "9101", "--help"))
                .isEqualTo(new Launch.Ended(0));
        assertThat(out.toString(UTF_8))
                .contains("Usage: ./sallyport sample sample [-h] [--file=F] [--port=N]");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--prot 1",
                "nonsense",
                "--port",
                "--port x",
                "--port -1",
                "--port 65536",
                "--port 99999999999",
                "--port 1 --port 2"
            })
    void answersAMistakeWithOneLineAndExitCodeTwo(String typed) {
        assertThat(launch(SampleCommandTest::listening, typed.split(" ")))
                .isEqualTo(new Launch.Ended(2));
        assertThat(err.toString(UTF_8).lines()).singleElement().asString().startsWith("sample: ");
    }

    @Test
    void answersATakenPortWithOneLineAndExitCodeOne() {
        var launch = launch((_, _) -> refuse(new BindException("in use")), "--port", "9101");

        assertThat(launch).isEqualTo(new Launch.Ended(1));
        assertThat(err.toString(UTF_8).lines())
                .containsExactly("sample: port 9101 of 127.0.0.1 is taken");
    }

    @Test
    void namesNoInternalsWhenItCannotStart() {
        var launch = launch((_, _) -> refuse(new IOException("/secret/path")), "--port", "9101");

        assertThat(launch).isEqualTo(new Launch.Ended(1));
        assertThat(err.toString(UTF_8)).doesNotContain("secret").hasLineCount(1);
    }

    private Launch launch(Launcher launcher, String... args) {
        return new Start(launcher)
                .launch(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private static Listening refuse(IOException failure) throws IOException {
        throw failure;
    }

    private static Listening listening(int port, Optional<String> file) {
        return listening(port);
    }

    private static Listening listening(int port) {
        return new Listening() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public URI endpoint() {
                return URI.create("http://127.0.0.1:" + port + "/mcp");
            }

            @Override
            public void close() {}
        };
    }
}
