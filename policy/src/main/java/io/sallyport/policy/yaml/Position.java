package io.sallyport.policy.yaml;

/** A place in a document; line and column count from 1, columns in characters. */
public record Position(int line, int column) {
    /** The first character of a document. */
    public static final Position START = new Position(1, 1);
}
