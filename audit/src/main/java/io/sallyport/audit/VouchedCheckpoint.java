package io.sallyport.audit;

import java.util.List;
import java.util.Optional;

/** A checkpoint as far as one key vouches for it. */
record VouchedCheckpoint(Optional<Checkpoint> checkpoint, boolean foreign) {
    private static final VouchedCheckpoint DAMAGED = new VouchedCheckpoint(Optional.empty(), false);
    private static final VouchedCheckpoint FOREIGN = new VouchedCheckpoint(Optional.empty(), true);

    /** Opens the checkpoint that a log shows for itself. */
    static VouchedCheckpoint open(LogHead head, NoteVerifier key) {
        return head.key().equals(key.vkey()) ? open(head.checkpoint(), key) : FOREIGN;
    }

    /** Opens a note; its origin must be the key's name. */
    static VouchedCheckpoint open(String note, NoteVerifier key) {
        return switch (SignedNote.open(note, List.of(key))) {
            case NoteOpening.Opened(String text, var _) -> of(text, key);
            case NoteOpening.Refused(var reason) ->
                    reason == NoteOpening.Reason.UNKNOWN_KEY ? FOREIGN : DAMAGED;
        };
    }

    private static VouchedCheckpoint of(String text, NoteVerifier key) {
        return Checkpoint.parse(text)
                .filter(checkpoint -> checkpoint.origin().equals(key.name()))
                .map(checkpoint -> new VouchedCheckpoint(Optional.of(checkpoint), false))
                .orElse(DAMAGED);
    }
}
