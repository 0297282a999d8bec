package io.sallyport.bridge;

/** Why an upstream gave no usable answer. */
public enum UpstreamFailure {
    /** No connection, or one that broke. */
    UNREACHABLE,
    TIMED_OUT,
    /** We have as much under way there as may be; nothing was sent. */
    OVER_LIMIT,
    /** Too much of what servers answer is kept here already; the rest was not read. */
    OVERLOADED,
    /** It answered what MCP does not let it answer. */
    PROTOCOL_ERROR,
    /** Its answer is no JSON, or does not say that it is. */
    NOT_JSON,
    /** Its answer is compressed, which nobody asked for, and nothing here inflates. */
    ENCODED,
    REDIRECT,
    RESPONSE_TOO_LARGE,
    EGRESS_DENIED,
    /** Status 500 or above. */
    SERVER_ERROR,
    /** Status 401 or 403: it does not take our credential, or wants one. */
    UNAUTHORISED,
    /** Any other status that is no answer. */
    HTTP_ERROR,
    /**
     * It refused without looking at the request, as the protocol has it: the session is unknown
     * (404), or the revision (-32022). The next request finds another way; a call that has left is
     * not sent again, and whether it ran is for the server to know.
     */
    DECLINED
}
