package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.NoteSigner;
import io.sallyport.audit.Verdict;
import io.sallyport.cli.CommandLine;
import io.sallyport.policy.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** H12, H13, R7, R8: every edit of tampering/edits.md, in a tenant's log and in the platform's. */
class TamperingTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Set<String> STARTED = Set.of("nothing", "payloads deleted");
    private static final String GIVEN_KEY = ", public key given";

    @TempDir private static Path place;
    private static WrittenFolder folder;

    @BeforeAll
    static void write() throws Exception {
        folder = new WrittenFolder(place.resolve("data"), List.of(ACME, GLOBEX, TenantId.SYSTEM));
    }

    private static String publicKey(TenantId log) {
        var pair = folder.then("newer", CheckpointSigner.KEY_FILE);
        var origin = Checkpoint.origin(AuditArchive.DEPLOYMENT, log.value());
        return NoteSigner.load(origin, pair).verifier().vkey();
    }

    @AfterAll
    static void stop() {
        folder.close();
    }

    @TestFactory
    Stream<DynamicTest> everyEditOfATenantsLogHasItsVerdict() throws IOException {
        return edits(ACME, GLOBEX);
    }

    @TestFactory
    Stream<DynamicTest> everyEditOfThePlatformsLogHasItsVerdict() throws IOException {
        return edits(TenantId.SYSTEM, ACME);
    }

    private static Told expected(Map<String, Told> told, String edit) {
        return Objects.requireNonNull(told.get(edit));
    }

    private Stream<DynamicTest> edits(TenantId log, TenantId other) throws IOException {
        var edits = new LogEdits(folder, log, other).all();
        var told = table();
        assertThat(edits).containsOnlyKeys(told.keySet());
        return edits.entrySet().stream()
                .map(edit ->
                        DynamicTest.dynamicTest(
                                edit.getKey(),
                                () -> {
                                    restore();
                                    edit.getValue().run();
                                    assertTold(edit.getKey(), log, expected(told, edit.getKey()));
                                }));
    }

    private static void assertTold(String edit, TenantId log, Told told) throws Exception {
        assertThat(verify(edit, log)).isEqualTo(told.verdict().exitCode());
        switch (told.start()) {
            case "refused" ->
                    assertThatThrownBy(() -> folder.open())
                            .isInstanceOf(StartFailure.class)
                            .hasMessageMatching("(the audit log of |audit\\.key |signed-).*");
            case "refuses calls" -> assertStarts(Optional.of("log_gap"));
            case "starts" -> {
                if (STARTED.contains(edit)) { // a start takes a second
                    assertStarts(Optional.empty());
                }
            }
            default -> throw new AssertionError("no such start: " + told.start());
        }
    }

    private static void assertStarts(Optional<String> trouble) throws InterruptedException {
        try (var store = folder.open()) {
            assertThat(store.trouble()).isEqualTo(trouble);
        }
    }

    private static void restore() {
        folder.restoreDatabase("newer");
        folder.restoreFiles("newer");
    }

    /** What is said of an edit by {@code audit verify}, and by a gateway that is started. */
    private record Told(Verdict verdict, String start) {}

    private static Map<String, Told> table() throws IOException {
        var told = new LinkedHashMap<String, Told>();
        try (var table = TamperingTest.class.getResourceAsStream("/tampering/edits.md")) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("| ") && !line.startsWith("| edit "))
                    .map(line -> line.split("\\|"))
                    .forEach(row ->
                            told.put(
                                    row[1].strip(),
                                    new Told(Verdict.valueOf(row[2].strip()), row[3].strip())));
        }
        return told;
    }

    private static int verify(String edit, TenantId log) throws IOException {
        var checkpoint = Files.writeString(place.resolve("outside"), folder.outside(log));
        var command =
                new ArrayList<>(
                        List.of(
                                "audit",
                                "verify",
                                "--data=" + folder.path(),
                                "--checkpoint=" + checkpoint,
                                "--log=" + log));
        if (edit.endsWith(GIVEN_KEY)) {
            command.add("--key=" + publicKey(GLOBEX));
        }
        return CommandLine.run(command);
    }

    @Test
    void verifyingMakesNoFileAndNoKey() throws Exception {
        restore();
        Files.delete(folder.file(CheckpointSigner.KEY_FILE));
        var before = names();
        verify("key removed", ACME);
        assertThat(names()).isEqualTo(before);
    }

    private static List<String> names() throws IOException {
        try (var files = Files.list(folder.path())) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void allLogsAreVerifiedAtOnce() throws Exception {
        restore();
        var command =
                new ArrayList<>(List.of("audit", "verify", "--all", "--data=" + folder.path()));
        for (var log : List.of(ACME, GLOBEX, TenantId.SYSTEM)) {
            command.add(
                    "--checkpoint="
                            + Files.writeString(place.resolve(log + ".note"), folder.outside(log)));
        }
        assertThat(CommandLine.run(command)).isEqualTo(Verdict.OK.exitCode());
        command.removeLast();
        assertThat(CommandLine.run(command)).isEqualTo(Verdict.UNANCHORED.exitCode());
    }

    @Test
    void aLogThatIsNotThereAndACheckpointThatIsNotThereAreSaidToBeSo() throws Exception {
        restore();
        var data = "--data=" + folder.path();
        var absent = "--checkpoint=" + place.resolve("absent.note");

        assertThat(printed("audit", "verify", data, "--log=nobody"))
                .contains("nobody: there is no such log; there are: ", ACME.value());
        assertThat(printed("audit", "verify", data, "--log=" + ACME.value(), absent))
                .contains("absent.note: there is no such file");
    }

    private static String printed(String... command) {
        var out = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(CommandLine.run(List.of(command)))
                    .isEqualTo(Verdict.CANNOT_VERIFY.exitCode());
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anExportWithPayloadsIsVerifiedWithThem() throws Exception {
        restore();
        var options = List.of("--data=" + folder.path(), "--log=" + ACME);
        assertThat(verifyExport(options)).isEqualTo(Verdict.CANNOT_VERIFY.exitCode());
        assertThat(verifyExport(Stream.concat(options.stream(), Stream.of("--payloads")).toList()))
                .isEqualTo(Verdict.OK.exitCode());
    }

    private static int verifyExport(List<String> options) throws IOException {
        var command = new ArrayList<>(List.of("audit", "export"));
        command.addAll(options);
        var file = place.resolve("acme.jsonl");
        var console = System.out;
        try (var out = new PrintStream(Files.newOutputStream(file))) {
            System.setOut(out);
            assertThat(CommandLine.run(command)).isZero();
        } finally {
            System.setOut(console);
        }
        var checkpoint = Files.writeString(place.resolve("outside"), folder.outside(ACME));
        return CommandLine.run(
                List.of(
                        "audit",
                        "verify",
                        "--require-payloads",
                        "--export=" + file,
                        "--checkpoint=" + checkpoint,
                        "--key=" + publicKey(ACME)));
    }
}
