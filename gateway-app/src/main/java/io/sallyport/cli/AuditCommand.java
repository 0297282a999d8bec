package io.sallyport.cli;

import io.sallyport.audit.Checkpoint;
import io.sallyport.store.AuditArchive;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code audit}: verifies and exports logs, offline and apart from the writer. */
@Command(
        name = "audit",
        synopsisSubcommandLabel = "COMMAND",
        description = "Offline work on the audit log.",
        subcommands = {AuditVerify.class, AuditExport.class})
final class AuditCommand {
    static AuditArchive archive(Installation installation) {
        var data = installation.data();
        return AuditArchive.open(data, installation.database(), SealKey.existing(data));
    }

    static String noSuchLog(AuditArchive archive) {
        return "there is no such log; there are: " + String.join(", ", archive.logs());
    }

    /** The checkpoint in a signed note, whoever signed it. */
    static Optional<Checkpoint> checkpoint(String note) {
        var end = note.indexOf("\n\n");
        return Checkpoint.parse(note.substring(0, Math.max(end + 1, 0)));
    }
}
