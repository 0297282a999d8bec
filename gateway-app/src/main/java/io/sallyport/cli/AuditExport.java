package io.sallyport.cli;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.LogEntry;
import io.sallyport.audit.LogExport;
import io.sallyport.audit.LogHead;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit export}: prints one log up to its last checkpoint. */
@Command(
        name = "export",
        description =
                "Prints a log as JSON Lines up to its last checkpoint, and its public key on"
                        + " stderr.")
final class AuditExport implements Callable<Integer> {
    @Mixin private final Installation installation = new Installation();

    @Option(
            names = "--log",
            paramLabel = "LOG",
            required = true,
            description = "the log: a tenant, or _system")
    private String log = "";

    @Option(names = "--payloads", description = "with the sealed payloads")
    private boolean hasPayloads;

    @Override
    public Integer call() {
        try (var archive = AuditCommand.archive(installation)) {
            if (!archive.logs().contains(log)) {
                throw new StartFailure(AuditCommand.noSuchLog(archive));
            }
            var note = archive.lastNote(log).orElse("");
            var signed =
                    AuditCommand.checkpoint(note)
                            .orElseThrow(() ->
                                    new StartFailure(
                                            "the log has no checkpoint yet that it could end at"));
            var head = new LogHead(note, archive.key(log).vkey(), hasPayloads);
            System.err.println("key: " + head.key());
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
}
