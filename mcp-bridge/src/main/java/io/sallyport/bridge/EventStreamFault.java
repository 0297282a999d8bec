package io.sallyport.bridge;

/** A body that is not an acceptable event stream. */
public final class EventStreamFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Kind {
        /** A line or an event is longer than permitted. */
        TOO_LARGE,
        /** Not UTF-8. */
        INVALID_UTF8
    }

    private final Kind kind;

    public EventStreamFault(Kind kind) {
        super("event stream refused", null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
