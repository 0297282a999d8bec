package io.sallyport.store;

/**
 * The database cannot be used as it is; the message is one sentence for the person who starts it.
 */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
