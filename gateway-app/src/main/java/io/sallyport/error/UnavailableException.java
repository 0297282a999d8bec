package io.sallyport.error;

/**
 * What everything depends on does not answer, so nothing was done: told as 503 {@code
 * audit_unavailable} wherever it surfaces.
 */
public abstract class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
