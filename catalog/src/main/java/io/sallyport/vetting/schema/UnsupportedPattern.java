package io.sallyport.vetting.schema;

/** A regular expression that cannot be run in bounded time with its own meaning. */
final class UnsupportedPattern extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedPattern() {
        super("unsupported_pattern", null, false, false);
    }
}
