package io.sallyport.bridge;

/** Why an upstream gave no usable answer. */
public enum UpstreamFailure {
    UNREACHABLE,
    TIMED_OUT,
    PROTOCOL_ERROR,
    REDIRECT,
    RESPONSE_TOO_LARGE,
    EGRESS_DENIED,
    HTTP_ERROR
}
