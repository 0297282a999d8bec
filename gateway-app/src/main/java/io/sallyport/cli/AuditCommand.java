package io.sallyport.cli;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.LogEntry;
import io.sallyport.audit.LogExport;
import io.sallyport.audit.LogSource;
import io.sallyport.audit.LogVerifier;
import io.sallyport.audit.NoteVerifier;
import io.sallyport.audit.Verdict;
import io.sallyport.audit.Verification;
import io.sallyport.store.AuditArchive;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code audit}: verifies and exports logs, offline and apart from the writer. */
final class AuditCommand {
    private static final Set<String> OPTIONS =
            Set.of(
                    "--data",
                    "--export",
                    "--checkpoint",
                    "--log",
                    "--key",
                    "--database-url",
                    "--database-user");

    private AuditCommand() {}

    static int run(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new UsageError("audit needs verify or export");
        }
        var options = Arguments.read(arguments.subList(1, arguments.size()), Set.of(), OPTIONS);
        return switch (arguments.getFirst()) {
            case "verify" -> verify(options);
            case "export" -> export(options);
            case "prove", "consistency", "witness" ->
                    throw new UsageError("audit " + arguments.getFirst() + " is not there yet");
            default -> throw new UsageError("unknown: audit " + arguments.getFirst());
        };
    }

    private static int verify(Arguments options) {
        var checkpoints = checkpoints(options.values("--checkpoint"));
        if (options.value("--export").isPresent()) {
            return verifyExport(options, checkpoints);
        }
        try (var archive = archive(options)) {
            var logs = logs(options, checkpoints, archive);
            var worst = Verdict.OK;
            for (var log : logs) {
                var key = key(options).orElseGet(() -> archive.key(log));
                var verdict =
                        verify(archive.log(log), checkpoints.getOrDefault(log, List.of()), key);
                worst = verdict.exitCode() > worst.exitCode() ? verdict : worst;
            }
            return worst.exitCode();
        }
    }

    private static List<String> logs(
            Arguments options, Map<String, List<String>> checkpoints, AuditArchive archive) {
        if (options.value("--log").isPresent()) {
            return List.of(options.value("--log").get());
        }
        return checkpoints.isEmpty() ? archive.logs() : List.copyOf(checkpoints.keySet());
    }

    private static AuditArchive archive(Arguments options) {
        return AuditArchive.open(
                Path.of(options.value("--data").orElse("data")), ServeCommand.database(options));
    }

    private static int verifyExport(Arguments options, Map<String, List<String>> checkpoints) {
        var key =
                key(options)
                        .orElseThrow(() ->
                                new UsageError(
                                        "--export needs --key: the log's own word proves nothing"));
        var source = LogExport.read(Path.of(options.value("--export").orElseThrow()));
        var notes = checkpoints.values().stream().flatMap(List::stream).toList();
        return verify(source, notes, key).exitCode();
    }

    private static Optional<NoteVerifier> key(Arguments options) {
        return options.value("--key")
                .map(it ->
                        NoteVerifier.parse(it)
                                .orElseThrow(() -> new UsageError("--key is not a vkey")));
    }

    private static Verdict verify(LogSource source, List<String> notes, NoteVerifier key) {
        Verification found = LogVerifier.verify(source, notes, key);
        CommandLine.out()
                .println("verify " + found.verdict() + ": " + key.name() + ": " + found.sentence());
        return found.verdict();
    }

    /** The given notes by the log that they speak of. */
    private static Map<String, List<String>> checkpoints(List<String> files) {
        var byLog = new LinkedHashMap<String, List<String>>();
        for (var file : files) {
            var note = read(file);
            byLog.computeIfAbsent(logOf(note, file), _ -> new ArrayList<>()).add(note);
        }
        return byLog;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new StartFailure("the checkpoint " + file + " cannot be read", e);
        }
    }

    private static String logOf(String note, String file) {
        var end = note.indexOf("\n\n");
        return Optional.of(note.substring(0, Math.max(end + 1, 0)))
                .flatMap(Checkpoint::parse)
                .map(Checkpoint::log)
                .orElseThrow(() -> new StartFailure(file + " is not a checkpoint"));
    }

    private static int export(Arguments options) {
        var log = options.value("--log").orElseThrow(() -> new UsageError("export needs --log"));
        try (var archive = archive(options)) {
            var source = archive.log(log);
            System.err.println("key: " + archive.key(log).vkey());
            try (var entries = source.entries()) {
                LogExport.write(
                        CommandLine.out(), source.head(), entries.map(LogEntry.Stored.class::cast));
            }
            return 0;
        } catch (IOException e) {
            throw new StartFailure("the log cannot be exported; it may have no checkpoint yet", e);
        }
    }
}
