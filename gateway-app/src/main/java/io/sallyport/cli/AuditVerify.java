package io.sallyport.cli;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.Demands;
import io.sallyport.audit.Finding;
import io.sallyport.audit.LogExport;
import io.sallyport.audit.LogVerifier;
import io.sallyport.audit.NoteVerifier;
import io.sallyport.audit.Verdict;
import io.sallyport.audit.Verification;
import io.sallyport.store.AuditArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code audit verify}: prints everything that is wrong with each log, and what was looked at; the
 * exit code is that of the gravest verdict.
 */
final class AuditVerify {
    private final Arguments options;
    private final Demands demands;
    private final Map<String, List<String>> checkpoints = new LinkedHashMap<>();
    private Verdict gravest = Verdict.OK;

    private AuditVerify(Arguments options) {
        this.options = options;
        demands = options.has("--require-payloads") ? Demands.NONE.withPayloads() : Demands.NONE;
    }

    static int run(Arguments options) {
        var command = new AuditVerify(options);
        options.values("--checkpoint").forEach(command::readCheckpoint);
        if (options.value("--export").isPresent()) {
            command.verifyExport(Path.of(options.value("--export").get()));
        } else {
            try (var archive = AuditCommand.archive(options)) {
                command.verifyLogs(archive);
            }
        }
        return command.gravest.exitCode();
    }

    /** A file that is no checkpoint keeps nobody from verifying against the others. */
    private void readCheckpoint(String file) {
        try {
            var note = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
            var log = AuditCommand.checkpoint(note).map(Checkpoint::log);
            if (log.isPresent()) {
                checkpoints.computeIfAbsent(log.get(), _ -> new ArrayList<>()).add(note);
                return;
            }
        } catch (IOException _) {
            // as bad as one that is no checkpoint
        }
        print(Verdict.CANNOT_VERIFY, file, "not a checkpoint");
    }

    private void verifyExport(Path file) {
        var key =
                AuditCommand.key(options)
                        .orElseThrow(() ->
                                new UsageError(
                                        "--export needs --key: the log's own word proves nothing"));
        var notes = checkpoints.values().stream().flatMap(List::stream).toList();
        report(key.name(), LogVerifier.verify(LogExport.read(file), notes, key, demands));
    }

    private void verifyLogs(AuditArchive archive) {
        var logs = logs(archive);
        for (var log : logs) {
            verifyLog(archive, log);
        }
        if (logs.isEmpty()) {
            print(Verdict.CANNOT_VERIFY, AuditArchive.DEPLOYMENT, "there is no log");
        }
    }

    private List<String> logs(AuditArchive archive) {
        var named = options.values("--log");
        if (options.has("--all")) {
            if (!named.isEmpty()) {
                throw new UsageError("--all and --log exclude each other");
            }
            return archive.logs();
        }
        if (!named.isEmpty()) {
            return named;
        }
        return checkpoints.isEmpty() ? archive.logs() : List.copyOf(checkpoints.keySet());
    }

    private void verifyLog(AuditArchive archive, String log) {
        var origin = Checkpoint.origin(AuditArchive.DEPLOYMENT, log);
        var notes = checkpoints.getOrDefault(log, List.of());
        var verification =
                AuditCommand.key(options)
                        .map(key -> ofInstallation(key, origin))
                        .or(() -> archive.findKey(log))
                        .map(key -> LogVerifier.verify(archive.log(log), notes, key, demands))
                        .orElseGet(() -> Verification.unread(Finding.Cause.NO_KEY));
        report(origin, verification);
    }

    /** One key signs for all logs of an installation, each time under the log's name. */
    private static NoteVerifier ofInstallation(NoteVerifier key, String origin) {
        var ours = key.name().startsWith(AuditArchive.DEPLOYMENT + "/");
        return ours ? key.named(origin) : key;
    }

    private void report(String origin, Verification found) {
        if (found.verdict() == Verdict.OK) {
            print(Verdict.OK, origin, found.sentence());
            return;
        }
        found.findings().forEach(it -> print(it.verdict(), origin, it.sentence()));
        CommandLine.out().println("checked: " + origin + ": " + found.coverage().extent());
    }

    private void print(Verdict verdict, String origin, String sentence) {
        gravest = gravest.gravest(verdict);
        CommandLine.out().println("verify " + verdict + ": " + origin + ": " + sentence);
    }
}
