package io.sallyport.audit.json;

/** The text is not the canonical JSON that {@link CanonicalWriter} writes. */
public final class NotCanonical extends Exception {
    private static final long serialVersionUID = 1;

    NotCanonical(String fault, int position) {
        super(fault + " at " + position, null, false, false);
    }
}
