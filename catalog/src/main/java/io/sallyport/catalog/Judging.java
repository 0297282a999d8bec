package io.sallyport.catalog;

import java.util.function.Supplier;

/**
 * Where the items of a list are judged: each is a piece of work of its own, so that a long list
 * delays nobody for longer than one of its items.
 */
public interface Judging {
    /** On the calling thread. */
    Judging HERE =
            new Judging() {
                @Override
                public <T> T judge(Supplier<T> piece) {
                    return piece.get();
                }
            };

    /**
     * Runs {@code piece} and waits for it.
     *
     * @throws VettingStopped if it took too long, could not be begun, or nobody waits any more
     */
    <T> T judge(Supplier<T> piece);
}
