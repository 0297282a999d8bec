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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code audit verify}: prints everything that is wrong with each log, and what was looked at; the
 * exit code is that of the gravest verdict.
 */
@Command(
        name = "verify",
        description = {
            "Holds logs against checkpoints that were kept outside.",
            "Prints a line for each finding and what was looked at; the exit code is that of the"
                    + " gravest verdict."
        })
final class AuditVerify implements Callable<Integer> {
    @Mixin private final Installation installation = new Installation();

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "an export instead of a data folder; needs --key")
    private Optional<Path> export = Optional.empty();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that was kept outside; as many as you have")
    private List<Path> checkpointFiles = List.of();

    @Option(names = "--all", description = "every log of the folder, also without a checkpoint")
    private boolean isOfAll;

    @Option(
            names = "--log",
            paramLabel = "LOG",
            description =
                    "a tenant, or _system; without it the logs that the checkpoints name, or else"
                            + " all")
    private List<String> named = List.of();

    @Option(
            names = "--key",
            paramLabel = "VKEY",
            description = "the log's public key, default the folder's own",
            converter = PublicKey.class)
    private Optional<NoteVerifier> key = Optional.empty();

    @Option(
            names = "--require-payloads",
            description = "a log without its sealed payloads, or without their keys, is not enough")
    private boolean requiresPayloads;

    private final Map<String, List<String>> checkpoints = new LinkedHashMap<>();
    private Verdict gravest = Verdict.OK;

    @Override
    public Integer call() {
        if (isOfAll && !named.isEmpty()) {
            throw new UsageError("--all and --log exclude each other");
        }
        checkpointFiles.forEach(this::readCheckpoint);
        if (export.isPresent()) {
            verifyExport(export.get());
        } else {
            try (var archive = AuditCommand.archive(installation)) {
                verifyLogs(archive);
            }
        }
        return gravest.exitCode();
    }

    private Demands demands() {
        return requiresPayloads ? Demands.NONE.withPayloads() : Demands.NONE;
    }

    /** A file that is no checkpoint keeps nobody from verifying against the others. */
    private void readCheckpoint(Path file) {
        try {
            var note = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            AuditCommand.checkpoint(note)
                    .map(Checkpoint::log)
                    .ifPresentOrElse(
                            log ->
                                    checkpoints
                                            .computeIfAbsent(log, _ -> new ArrayList<>())
                                            .add(note),
                            () ->
                                    print(
                                            Verdict.CANNOT_VERIFY,
                                            file.toString(),
                                            "not a checkpoint"));
        } catch (NoSuchFileException _) {
            print(Verdict.CANNOT_VERIFY, file.toString(), "there is no such file");
        } catch (IOException _) {
            print(Verdict.CANNOT_VERIFY, file.toString(), "the file cannot be read");
        }
    }

    private void verifyExport(Path file) {
        var given =
                key.orElseThrow(() ->
                        new UsageError("--export needs --key: the log's own word proves nothing"));
        var notes = checkpoints.values().stream().flatMap(List::stream).toList();
        report(given.name(), LogVerifier.verify(LogExport.read(file), notes, given, demands()));
    }

    private void verifyLogs(AuditArchive archive) {
        var logs = logs(archive);
        for (var log : logs) {
            if (isThere(archive, log)) {
                verifyLog(archive, log);
            } else {
                print(
                        Verdict.CANNOT_VERIFY,
                        Checkpoint.origin(AuditArchive.DEPLOYMENT, log),
                        AuditCommand.noSuchLog(archive));
            }
        }
        if (logs.isEmpty()) {
            print(Verdict.CANNOT_VERIFY, AuditArchive.DEPLOYMENT, "there is no log");
        }
    }

    /** A log that somebody kept a checkpoint of was there, whatever has become of it. */
    private boolean isThere(AuditArchive archive, String log) {
        return checkpoints.containsKey(log) || archive.logs().contains(log);
    }

    private List<String> logs(AuditArchive archive) {
        if (isOfAll) {
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
                key.map(it -> ofInstallation(it, origin))
                        .or(() -> archive.findKey(log))
                        .map(it -> LogVerifier.verify(archive.log(log), notes, it, demands()))
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

    /** A public key as it is told beside a log. */
    static final class PublicKey implements ITypeConverter<NoteVerifier> {
        @Override
        public NoteVerifier convert(String vkey) {
            return NoteVerifier.parse(vkey)
                    .orElseThrow(() -> new TypeConversionException("is not a vkey"));
        }
    }
}
