package io.sallyport.store;

/** Where PostgreSQL answers and how to log in. */
public record DatabaseAddress(String url, String user, String password) {
    /** The password never shows in a log. */
    @Override
    public String toString() {
        return "DatabaseAddress[" + user + "]";
    }
}
