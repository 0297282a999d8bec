package io.sallyport.store;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.NoteOpening;
import io.sallyport.audit.NoteSigner;
import io.sallyport.audit.NoteVerifier;
import io.sallyport.audit.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the tree heads of this installation's logs, and refuses to sign anything that does not
 * continue what it signed before: the journal beside the data remembers.
 */
final class CheckpointSigner {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointSigner.class);
    static final String KEY_FILE = "audit.key";
    private static final Pattern JOURNAL = Pattern.compile("signed-(.+)\\.checkpoint");

    private final GatewayFolder folder;
    private final String deployment;
    private final LogHistory history;
    private final NoteSigner signer;
    private volatile Optional<Trouble> trouble = Optional.empty();

    /**
     * @throws StartFailure if the folder holds checkpoints that its key did not sign
     */
    CheckpointSigner(GatewayFolder folder, String deployment, LogHistory history) {
        this.folder = folder;
        this.deployment = deployment;
        this.history = history;
        signer = key();
        signedLogs().forEach(this::lastSigned);
    }

    /**
     * The installation's key, readable by its owner only; made on first use, but not where another
     * one was used before: whoever trusts that one would see a log that nobody vouches for.
     */
    private NoteSigner key() {
        var file = folder.resolve(KEY_FILE);
        try {
            if (!Files.exists(file)) {
                if (!signedLogs().isEmpty()) {
                    throw new StartFailure(
                            "audit.key is missing, but checkpoints that it signed are in the data"
                                    + " folder; put the key back");
                }
                folder.writeSecret(KEY_FILE, NoteSigner.generate(deployment).keyPair());
            }
            return NoteSigner.load(deployment, Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure("the audit key in the data folder cannot be read", e);
        }
    }

    /** The logs that have a signed checkpoint in the folder. */
    Set<String> signedLogs() {
        try (var files = Files.list(folder.root())) {
            return files.map(it -> JOURNAL.matcher(it.getFileName().toString()))
                    .filter(it -> it.matches())
                    .map(it -> it.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder cannot be read", e);
        }
    }

    private NoteVerifier verifier(String log) {
        return signer.named(Checkpoint.origin(deployment, log)).verifier();
    }

    /** Why nothing is recorded any more: a log contradicts what was signed of it. */
    Optional<Trouble> trouble() {
        return trouble;
    }

    /**
     * Signs the head of a log's tree, if it continues what was signed before.
     *
     * @throws StoreUnavailable if it does not; from then on no call is recorded
     */
    synchronized String sign(String log) {
        try {
            var tree = history.proven(log, lastSigned(log));
            var origin = Checkpoint.origin(deployment, log);
            var checkpoint = new Checkpoint(origin, tree.size(), tree.root());
            var note = SignedNote.sign(checkpoint.text(), signer.named(origin));
            folder.writeSecret(journal(log), note.getBytes(StandardCharsets.UTF_8));
            history.keep(log, tree);
            return note;
        } catch (LogHistory.Contradiction | StartFailure e) {
            LOG.error("nothing is signed or recorded any more: {}", e.getMessage());
            trouble = Optional.of(Trouble.LOG_CONTRADICTION);
            throw new StoreUnavailable(e);
        }
    }

    /**
     * Proves that a log continues what was signed of it.
     *
     * @throws StartFailure if it does not
     */
    void prove(String log) {
        try {
            history.proven(log, lastSigned(log));
        } catch (LogHistory.Contradiction e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The newest checkpoint that was signed for a log.
     *
     * @throws StartFailure if the key of this installation did not sign it
     */
    private Optional<Checkpoint> lastSigned(String log) {
        return lastNote(log).map(it -> opened(log, it));
    }

    private Checkpoint opened(String log, String note) {
        return switch (SignedNote.open(note, List.of(verifier(log)))) {
            case NoteOpening.Opened(var text, var _) ->
                    Checkpoint.parse(text).orElseThrow(() -> notOurs(log));
            case NoteOpening.Refused _ -> throw notOurs(log);
        };
    }

    private static StartFailure notOurs(String log) {
        return new StartFailure(
                journal(log)
                        + " in the data folder was not signed with audit.key or is damaged; put"
                        + " the file and the key back that belong together");
    }

    private Optional<String> lastNote(String log) {
        var file = folder.resolve(journal(log));
        try {
            return Files.exists(file)
                    ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the signer's journal cannot be read", e);
        }
    }

    /** The file of the newest checkpoint of a log. */
    static String journal(String log) {
        return "signed-" + log + ".checkpoint";
    }
}
