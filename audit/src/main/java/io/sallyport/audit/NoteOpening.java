package io.sallyport.audit;

import java.util.List;

/** What came of opening a note. Only {@link Opened} gives out the text. */
public sealed interface NoteOpening {
    /** The text is signed by {@code signers}, at least one. */
    record Opened(String text, List<NoteVerifier> signers) implements NoteOpening {
        public Opened {
            signers = List.copyOf(signers);
        }
    }

    /** The note must be ignored. */
    record Refused(Reason reason) implements NoteOpening {}

    /** Why a note is refused. */
    enum Reason {
        MALFORMED,
        /** Nobody whom we know signed it. */
        UNKNOWN_KEY,
        /** A line claims a key that we know and does not verify. */
        BAD_SIGNATURE
    }
}
