package io.sallyport.samples.model;

import java.time.Duration;

/**
 * How a round reaches the client.
 *
 * @param pieceLength the most code points of text or arguments in one chunk of a stream, at least 1
 * @param pause waited before each chunk of a stream, and once before a plain answer
 * @param cutAfter the connection breaks after this many chunks of a stream; 0 means never
 */
public record Delivery(int pieceLength, Duration pause, int cutAfter) {

    /** Short enough that every sentence and most arguments arrive in several pieces. */
    static final Delivery PROMPT = new Delivery(8, Duration.ZERO, 0);

    public Delivery {
        if (pieceLength < 1 || cutAfter < 0 || pause.isNegative()) {
            throw new IllegalArgumentException("a delivery needs pieces, and no negative numbers");
        }
    }

    boolean cuts(int chunksSent) {
        return cutAfter > 0 && chunksSent == cutAfter;
    }
}
