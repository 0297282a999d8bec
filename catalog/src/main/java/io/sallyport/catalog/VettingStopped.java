package io.sallyport.catalog;

/** Vetting did not come to its end: it took too long, or nobody waits for it any more. */
public final class VettingStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VettingStopped() {
        super("vetting stopped", null, false, false);
    }

    /** Called for each text; a text alone is searched in some milliseconds. */
    public static void ifInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new VettingStopped();
        }
    }
}
