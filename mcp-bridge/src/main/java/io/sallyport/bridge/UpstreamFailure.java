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
    REDIRECT,
    RESPONSE_TOO_LARGE,
    EGRESS_DENIED,
    /** Status 500 or above. */
    SERVER_ERROR,
    /** Any other status that is no answer. */
    HTTP_ERROR,
    /**
     * It refused without looking at the request, as the protocol has it: the session is unknown
     * (404), or the revision (-32022). The request had no effect, and is not sent again.
     */
    DECLINED
}
