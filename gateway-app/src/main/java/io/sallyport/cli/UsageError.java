package io.sallyport.cli;

/** The command line cannot be understood; the message says what is wrong with it. */
final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
        super(message);
    }
}
