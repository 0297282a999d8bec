package io.sallyport.audit;

import java.util.List;
import java.util.Optional;

/**
 * A checkpoint as far as one key vouches for it.
 *
 * @param state why it is not there, if it is not
 */
record VouchedCheckpoint(Optional<Checkpoint> checkpoint, State state) {
    private static final VouchedCheckpoint DAMAGED =
            new VouchedCheckpoint(Optional.empty(), State.DAMAGED);
    private static final VouchedCheckpoint FOREIGN =
            new VouchedCheckpoint(Optional.empty(), State.FOREIGN);
    private static final VouchedCheckpoint MISSING =
            new VouchedCheckpoint(Optional.empty(), State.MISSING);

    enum State {
        OPENED,
        MISSING,
        DAMAGED,
        FOREIGN
    }

    /** Opens the checkpoint that a log shows for itself. */
    static VouchedCheckpoint open(LogHead head, NoteVerifier key) {
        if (head.checkpoint().isEmpty()) {
            return MISSING;
        }
        boolean namesAnotherKey = !head.key().isEmpty() && !head.key().equals(key.vkey());
        return namesAnotherKey ? FOREIGN : open(head.checkpoint(), key);
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
                .map(VouchedCheckpoint::opened)
                .orElse(DAMAGED);
    }

    static VouchedCheckpoint opened(Checkpoint checkpoint) {
        return new VouchedCheckpoint(Optional.of(checkpoint), State.OPENED);
    }

    boolean foreign() {
        return state == State.FOREIGN;
    }

    boolean missing() {
        return state == State.MISSING;
    }
}
