package io.sallyport.bridge;

/** A line or an event of a stream is longer than permitted. */
public final class EventStreamFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EventStreamFault() {
        super("event stream refused", null, false, false);
    }
}
