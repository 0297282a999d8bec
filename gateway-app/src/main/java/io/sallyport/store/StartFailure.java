package io.sallyport.store;

import java.sql.SQLException;

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

    /** What goes into the sentence of a failure that the database, or the way to it, names. */
    static String state(SQLException failure) {
        var state = failure.getSQLState();
        return state == null ? "" : " (SQL state " + state + ")";
    }
}
