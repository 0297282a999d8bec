package io.sallyport.store;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.NoteSigner;
import io.sallyport.audit.NoteVerifier;
import io.sallyport.audit.SignedNote;
import io.sallyport.audit.TreeFrontier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs the tree heads of this installation's logs, and refuses to sign anything that does not
 * continue what it signed before: the journal beside the data remembers.
 */
final class CheckpointSigner {
    static final String KEY_FILE = "audit.key";

    private final GatewayFolder folder;
    private final String deployment;
    private final NoteSigner signer;

    CheckpointSigner(GatewayFolder folder, String deployment) {
        this.folder = folder;
        this.deployment = deployment;
        signer = key(folder, deployment);
    }

    /** The installation's key; made on first use, readable by its owner only. */
    private static NoteSigner key(GatewayFolder folder, String deployment) {
        var file = folder.resolve(KEY_FILE);
        try {
            if (!Files.exists(file)) {
                folder.writeSecret(KEY_FILE, NoteSigner.generate(deployment).keyPair());
            }
            return NoteSigner.load(deployment, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new StartFailure("the audit key in the data folder cannot be read", e);
        }
    }

    NoteVerifier verifier(String log) {
        return signer.named(Checkpoint.origin(deployment, log)).verifier();
    }

    /** Signs the head of a log's tree, read under the signer's turn so that none is overtaken. */
    synchronized String sign(String log, Supplier<TreeFrontier> head) {
        var frontier = head.get();
        var checkpoint =
                new Checkpoint(
                        Checkpoint.origin(deployment, log), frontier.size(), frontier.root());
        refuseContradiction(log, checkpoint);
        var note = SignedNote.sign(checkpoint.text(), signer.named(checkpoint.origin()));
        folder.writeSecret(journal(log), note.getBytes(StandardCharsets.UTF_8));
        return note;
    }

    private void refuseContradiction(String log, Checkpoint checkpoint) {
        var before = lastSigned(log);
        if (before.isEmpty()) {
            return;
        }
        var shrunk = before.get().size() > checkpoint.size();
        var forked =
                before.get().size() == checkpoint.size()
                        && !Arrays.equals(before.get().root(), checkpoint.root());
        if (shrunk || forked) {
            throw new IllegalStateException("the log contradicts a checkpoint that was signed");
        }
    }

    /** The newest checkpoint that was signed for a log. */
    Optional<Checkpoint> lastSigned(String log) {
        return lastNote(log)
                .flatMap(note -> Checkpoint.parse(note.substring(0, note.indexOf("\n\n") + 1)));
    }

    /** The same as the signed note. */
    Optional<String> lastNote(String log) {
        var file = folder.resolve(journal(log));
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the signer's journal cannot be read", e);
        }
    }

    /** The file that holds the newest checkpoint of a log. */
    static String journal(String log) {
        return "signed-" + log + ".checkpoint";
    }
}
