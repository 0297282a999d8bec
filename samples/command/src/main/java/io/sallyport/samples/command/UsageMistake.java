package io.sallyport.samples.command;

/** The command was typed wrongly; the message is one line for the person who typed it. */
public final class UsageMistake extends Exception {

    private static final long serialVersionUID = 1L;

    public UsageMistake(String message) {
        super(message);
    }
}
