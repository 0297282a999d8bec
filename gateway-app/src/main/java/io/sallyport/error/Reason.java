package io.sallyport.error;

import java.util.Locale;

/**
 * Every reason for which something is refused or fails, on all faces. The {@link #code()} is what
 * clients, records and docs show.
 */
public enum Reason {
    // malformed or ambiguous requests
    INVALID_JSON,
    DUPLICATE_KEY,
    INVALID_UTF8,
    TOO_DEEP,
    HEADER_MISMATCH,
    INVALID_REQUEST,
    UNKNOWN_MEMBER,
    // credentials
    INVALID_TOKEN,
    INVALID_API_KEY,
    FORBIDDEN,
    ORIGIN_NOT_ALLOWED,
    HOST_NOT_ALLOWED,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    REQUEST_TIMEOUT,
    BODY_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    UNSUPPORTED_CONTENT_ENCODING,
    // tools
    UNKNOWN_TOOL,
    UNKNOWN_RESOURCE,
    UNKNOWN_PROMPT,
    TOOL_NOT_OFFERED,
    NOT_ALLOWED,
    EXPLICIT_DENY,
    DENIED,
    INVALID_ARGUMENTS,
    DESCRIPTOR_CHANGED,
    APPROVAL_REQUIRED,
    APPROVAL_DENIED,
    APPROVAL_CONSUMED,
    APPROVAL_EXPIRED,
    SELF_APPROVAL,
    TOO_MANY_TOOL_CALLS,
    REPEATED_CALL,
    RATE_LIMITED,
    CIRCUIT_OPEN,
    EGRESS_DENIED,
    UPSTREAM_ERROR,
    UPSTREAM_TIMEOUT,
    UPSTREAM_REDIRECT,
    UPSTREAM_PROTOCOL_ERROR,
    UPSTREAM_AUTH_ERROR,
    RESPONSE_TOO_LARGE,
    OUTPUT_SCHEMA_VIOLATION,
    OUTCOME_UNRECORDED,
    CANCELLED,
    // what the gateway itself needs and lacks
    AUDIT_UNAVAILABLE,
    POLICY_UNAVAILABLE,
    STORE_UNAVAILABLE,
    INTERNAL_ERROR,
    // chat
    MODEL_NOT_FOUND,
    TOOL_NOT_ALLOWED,
    TOOL_NAME_CONFLICT,
    TOO_MANY_TOOLS,
    UNSUPPORTED_PARAMETER,
    NO_TOOLS_AVAILABLE,
    RUN_FAILED_AFTER_SIDE_EFFECTS,
    // admin
    SCHEME_NOT_ALLOWED,
    STDIO_DISABLED,
    INVALID_POLICY,
    TOOL_REJECTED,
    OVERRIDE_REQUIRED,
    VERSION_CONFLICT,
    ALREADY_EXISTS;

    /** The lower-case name. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
