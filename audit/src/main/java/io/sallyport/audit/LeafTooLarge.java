package io.sallyport.audit;

/**
 * A record does not fit into a leaf, so it cannot be recorded and what it is about must not run.
 */
public final class LeafTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    LeafTooLarge(int size) {
        super("a leaf of " + size + " bytes is over the limit of " + LeafBody.MAX_LEAF);
    }
}
