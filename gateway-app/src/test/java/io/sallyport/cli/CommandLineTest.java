package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class CommandLineTest {
    private static final Path SCRIPT = Path.of("..", "sallyport");
    private static final Path PAGE = Path.of("..", "docs", "reference", "command-line.md");
    private static final Path HELP = Path.of("..", "config", "help");
    private static final Pattern DECLARED = Pattern.compile("names = \"(--[a-z-]+)\"");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    /** From the files in {@code config/help}: whoever asks what there is waits for no build. */
    @ParameterizedTest
    @MethodSource("commandsAndGroups")
    void theScriptPrintsTheHelpThatIsDeclared(String command) throws Exception {
        assertThat(saidOfScript(command + " --help", 0)).isEqualTo(help(command(command)));
        assertThat(saidOfScript("help " + command, 0)).isEqualTo(help(command(command)));
    }

    @ParameterizedTest
    @CsvSource({"test --fast --help, test", "serve --port 1 -h, serve"})
    void helpIsAskedForAnywhere(String typed, String command) throws Exception {
        assertThat(saidOfScript(typed, 0)).isEqualTo(help(command(command)));
    }

    @Test
    void noHelpIsLeftOfACommandThatIsGone() throws IOException {
        try (var files = Files.list(HELP)) {
            assertThat(files.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            commandsAndGroups()
                                    .map(it -> it.isEmpty() ? "sallyport" : it.replace(' ', '-'))
                                    .map(it -> it + ".txt")
                                    .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conformance, mcp-servers/conformance",
        "notes, mcp-servers/notes",
        "trickster, mcp-servers/trickster",
        "weather, mcp-servers/weather",
        "model, scripted-model"
    })
    void ofASampleAreDeclaredTheOptionsThatItTakes(String name, String folder) throws IOException {
        var taken = new TreeSet<>(List.of("--help", "--port"));
        var sources = Path.of("..", "samples", folder, "src", "main");
        try (var files = Files.walk(sources)) {
            for (var file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                DECLARED.matcher(Files.readString(file))
                        .results()
                        .forEach(it -> taken.add(it.group(1)));
            }
        }

        assertThat(options(command("sample " + name))).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "torture"})
    void theScriptKnowsEachOptionThatIsDeclared(String command) throws Exception {
        var script = Files.readString(SCRIPT);

        for (var option : options(command(command))) {
            assertThat(script).containsPattern("[ (]" + option + "[ )]");
        }
    }

    @Test
    void numbersOfATortureAreReadWithAndWithoutEqualsSign() throws Exception {
        var torture =
                List.of(
                        "sh",
                        SCRIPT.toString(),
                        "torture",
                        "--short",
                        "--seconds=1",
                        "--cycles",
                        "2",
                        "--runs=3",
                        "kills",
                        "--list");

        assertThat(said(torture, 0)).contains("kills");
        assertThat(said(List.of("sh", SCRIPT.toString(), "torture", "--runs=none"), 2))
                .isEqualTo("sallyport: --runs needs a number\n");
    }

    @Test
    void whatTheScriptDoesNotKnowIsOneLineThatSaysWhatThereIs() throws Exception {
        assertThat(said(List.of("sh", SCRIPT.toString(), "wrong"), 2))
                .isEqualTo(
                        "sallyport: unknown command: wrong; ./sallyport has: "
                                + String.join(
                                        ", ", CommandLine.commands().getSubcommands().keySet())
                                + "\n");
        assertThat(saidOfScript("help wrong", 2)).startsWith("sallyport: unknown command: wrong;");
        assertThat(saidOfScript("test --fast --wrong", 2))
                .startsWith("sallyport: test knows no '--wrong'")
                .hasLineCount(1);
    }

    /** What stands in the wrong place may be a password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve --database-url= jdbc:postgresql://h/d?password=secret",
                "serve --data --database-url=jdbc:postgresql://h/d?password=secret",
                "serve --nonsense=secret",
                "audit verify --key=secret",
                "keys bootstrap --owner=se/cret secret=1",
                "serve @../README.md"
            })
    void noComplaintRepeatsWhatMayBeAValue(String arguments) {
        var err = new StringWriter();

        CommandLine.commands().setErr(new PrintWriter(err, true)).execute(arguments.split(" "));

        assertThat(err.toString()).doesNotContain("secret", "Sallyport").hasLineCount(1);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpNamesEachOptionThatExistsAndNoOther(String name) {
        var command = command(name);
        var named = OPTION.matcher(help(command)).results().map(it -> it.group()).toList();

        assertThat(new TreeSet<>(named)).isEqualTo(options(command));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void thePageNamesEachOptionThatExistsAndNoOther(String name) throws IOException {
        var options = options(command(name));
        options.removeAll(List.of("--help", "--version"));
        var synopsis = synopsis(name);
        var named = OPTION.matcher(synopsis).results().map(it -> it.group()).toList();

        assertThat(new TreeSet<>(named)).isEqualTo(options);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    wrong                      | unknown command: wrong; ./sallyport has: demo, serve
                    audit                      | missing required subcommand; ./sallyport audit has: verify, export
                    audit wrong                | unknown command: wrong; ./sallyport audit has: verify, export
                    audit export               | missing required option: '--log=LOG'; see ./sallyport audit export --help
                    audit verify --key=x       | invalid value for option '--key': is not a vkey
                    audit verify --export=x    | --export needs --key
                    audit verify --all --log=x | --all and --log exclude each other
                    keys bootstrap --owner=ada | --owner must look like user:ada
                    serve --nonsense=secret    | unknown option: --nonsense; see ./sallyport serve --help
                    serve --dev=yes            | '--dev'
                    serve more                 | serve takes nothing but options; see ./sallyport serve --help
                    serve --port               | missing required parameter for option '--port' (N)
                    serve --port=65536         | invalid value for option '--port': must be a port, 0 to 65535
                    serve --port=x             | invalid value for option '--port': must be a port, 0 to 65535
                    serve --data --dev         | '--data'
                    test                       | test is a command of the script ./sallyport
                    """)
    void aMistakeIsOneLineAndExitCodeTwo(String typed, String sentence) {
        var err = new StringWriter();

        var status =
                CommandLine.commands().setErr(new PrintWriter(err, true)).execute(typed.split(" "));

        assertThat(status).isEqualTo(CommandLine.USAGE);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("sallyport: ");
        assertThat(err.toString()).contains(sentence).doesNotContain("secret");
    }

    /** Production must not accept the keys of dev mode, nor make others beside them. */
    @Test
    void aFolderOfDevModeIsForDevModeOnly(@TempDir Path place) throws IOException {
        var data = Files.createDirectories(place.resolve("data"));
        Files.writeString(data.resolve("credentials"), "export SALLYPORT_ADMIN_KEY=none");
        var none = place.resolve("none");

        assertThat(complaint("keys", "bootstrap", "--data=" + data))
                .endsWith("was made by serve --dev; say --dev here, too\n");
        assertThat(complaint("keys", "bootstrap", "--dev", "--data=" + none))
                .endsWith("was not made by serve --dev\n");
        assertThat(none).doesNotExist();
    }

    private static String complaint(String... arguments) {
        var err = new StringWriter();
        var status = CommandLine.commands().setErr(new PrintWriter(err, true)).execute(arguments);
        assertThat(status).as(err.toString()).isEqualTo(CommandLine.FAILED);
        return err.toString();
    }

    @Test
    void withoutACommandItPrintsTheHelpAndFails() {
        var err = new StringWriter();

        assertThat(CommandLine.commands().setErr(new PrintWriter(err, true)).execute())
                .isEqualTo(CommandLine.USAGE);
        assertThat(err.toString()).isEqualTo(help(command("")));
    }

    @ParameterizedTest
    @CsvSource({
        "aud, audit",
        "audit v, verify",
        "audit verify --requ, --require-payloads",
        "serve --prof, --profiles",
        "sample no, notes",
        "sample notes --dr, --drift-file",
        "torture --cyc, --cycles"
    })
    void aShellCompletesCommandsAndOptions(String typed, String completed, @TempDir Path folder)
            throws Exception {
        var script = Files.writeString(folder.resolve("completion"), CompletionCommand.script());
        var words = "./sallyport " + typed;
        var asked =
                """
                . %s
                COMP_WORDS=(%s)
                COMP_CWORD=%d
                _complete_sallyport
                printf '%%s\\n' "${COMPREPLY[@]}"
                """
                        .formatted(script, words, words.split(" ").length - 1);

        assertThat(said(List.of("bash", "-c", asked), 0).lines().map(String::strip))
                .contains(completed);
    }

    static Stream<String> commandsAndGroups() {
        return Stream.concat(Stream.of("", "audit", "keys", "sample"), commands());
    }

    static Stream<String> commands() {
        return names("", CommandLine.commands());
    }

    private static Stream<String> names(String name, picocli.CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .flatMap(it -> {
                    var below = (name + " " + it.getKey()).strip();
                    return it.getValue().getSubcommands().isEmpty()
                            ? Stream.of(below)
                            : names(below, it.getValue());
                });
    }

    private static picocli.CommandLine command(String name) {
        var command = CommandLine.commands();
        for (var word : name.isEmpty() ? new String[0] : name.split(" ")) {
            command = requireNonNull(command.getSubcommands().get(word), word);
        }
        return command;
    }

    private static Set<String> options(picocli.CommandLine command) {
        var options = new TreeSet<String>();
        for (var option : command.getCommandSpec().options()) {
            options.add(option.longestName());
        }
        return options;
    }

    private static String help(picocli.CommandLine command) {
        return command.getUsageMessage(Ansi.OFF);
    }

    /** The line of the page that begins with the command. */
    private static String synopsis(String name) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(it -> it.startsWith("`./sallyport " + name))
                .map(it -> it.substring(1, it.indexOf('`', 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no synopsis of " + name));
    }

    private static String saidOfScript(String arguments, int status) throws Exception {
        var command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
        command.addAll(List.of(arguments.strip().split(" ")));
        return said(command, status);
    }

    private static String said(List<String> command, int status) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(status);
        return said;
    }
}
