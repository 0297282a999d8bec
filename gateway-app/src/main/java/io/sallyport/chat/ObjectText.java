package io.sallyport.chat;

/**
 * Follows the text of one JSON object as it arrives, piece by piece, and knows whether it has begun
 * and whether its braces are closed. It does not know whether the text is valid.
 */
final class ObjectText {
    private boolean begun;
    private int depth;
    private boolean inString;
    private boolean escaped;

    void add(String piece) {
        for (int at = 0; at < piece.length(); at++) {
            add(piece.charAt(at));
        }
    }

    private void add(char next) {
        begun = begun || next > ' ';
        if (escaped) {
            escaped = false;
        } else if (inString) {
            escaped = next == '\\';
            inString = next != '"';
        } else {
            switch (next) {
                case '"' -> inString = true;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
        }
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isWhole() {
        return begun && depth == 0 && !inString;
    }
}
