package io.sallyport.identity;

/**
 * Where failed logins are reported; the implementation aggregates, so strangers cannot fill the
 * log.
 */
public interface AuthFailures {
    /**
     * @param source the peer's address
     * @param reason a code, never the token
     */
    void failed(String source, String reason);
}
