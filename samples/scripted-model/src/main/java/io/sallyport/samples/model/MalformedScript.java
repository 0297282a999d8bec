package io.sallyport.samples.model;

/** A script file makes no sense; the message is one line for the person who wrote it. */
public final class MalformedScript extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedScript(String message) {
        super(message);
    }
}
