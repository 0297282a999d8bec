package io.sallyport.cli;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.LogEntry;
import io.sallyport.audit.LogExport;
import io.sallyport.audit.LogHead;
import io.sallyport.audit.NoteVerifier;
import io.sallyport.store.AuditArchive;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code audit}: verifies and exports logs, offline and apart from the writer. */
final class AuditCommand {
    private static final Set<String> FLAGS = Set.of("--all", "--require-payloads", "--payloads");

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
        var options = Arguments.read(arguments.subList(1, arguments.size()), FLAGS, OPTIONS);
        return switch (arguments.getFirst()) {
            case "verify" -> AuditVerify.run(options);
            case "export" -> export(options);
            default -> throw new UsageError("unknown: audit " + arguments.getFirst());
        };
    }

    static AuditArchive archive(Arguments options) {
        var data = Path.of(options.value("--data").orElse("data"));
        return AuditArchive.open(data, ServeCommand.database(options), SealKey.existing(data));
    }

    /** The checkpoint in a signed note, whoever signed it. */
    static Optional<Checkpoint> checkpoint(String note) {
        var end = note.indexOf("\n\n");
        return Checkpoint.parse(note.substring(0, Math.max(end + 1, 0)));
    }

    private static int export(Arguments options) {
        var log = options.value("--log").orElseThrow(() -> new UsageError("export needs --log"));
        try (var archive = archive(options)) {
            var note = archive.lastNote(log).orElse("");
            var signed =
                    checkpoint(note)
                            .orElseThrow(() ->
                                    new StartFailure(
                                            "the log has no checkpoint yet that it could end at"));
            var key = archive.key(log);
            var head = new LogHead(note, key.vkey(), options.has("--payloads"));
            System.err.println("key: " + key.vkey());
            try (var entries = archive.log(log).entries()) {
                LogExport.write(CommandLine.out(), head, exported(entries, signed, head));
            }
            return 0;
        } catch (IOException e) {
            throw new StartFailure("the log cannot be exported", e);
        }
    }

    private static Stream<LogEntry.Stored> exported(
            Stream<LogEntry> entries, Checkpoint signed, LogHead head) {
        return entries.limit(signed.size())
                .map(LogEntry.Stored.class::cast)
                .map(it ->
                        head.payloads()
                                ? new LogEntry.Stored(it.index(), it.leaf(), it.payload())
                                : LogEntry.Stored.of(it.index(), it.leaf()));
    }

    static Optional<NoteVerifier> key(Arguments options) {
        return options.value("--key")
                .map(it ->
                        NoteVerifier.parse(it)
                                .orElseThrow(() -> new UsageError("--key is not a vkey")));
    }
}
