package io.sallyport.chat;

/** What the client of a stream has seen so far, so that rounds join as in one body. */
final class VisibleText {
    private static final String BETWEEN_ROUNDS = "\n\n";

    private final boolean onlyLast;
    private boolean begun;
    private boolean any;
    private boolean inRound;

    /**
     * @param onlyLast the text of a round is held back until it is known to be the last
     */
    VisibleText(boolean onlyLast) {
        this.onlyLast = onlyLast;
    }

    boolean onlyLast() {
        return onlyLast;
    }

    /** Starts a round; true for the first one. */
    boolean begin() {
        var first = !begun;
        begun = true;
        inRound = false;
        return first;
    }

    /** The piece as it has to leave: the first one of a later round goes after a blank line. */
    String joined(String piece) {
        if (piece.isEmpty()) {
            return piece;
        }
        var joined = any && !inRound ? BETWEEN_ROUNDS + piece : piece;
        any = true;
        inRound = true;
        return joined;
    }
}
