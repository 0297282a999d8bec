package io.sallyport.gate;

import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.error.Reason;
import io.sallyport.gate.Circuits.Health;
import java.util.Locale;

/**
 * Why a call has no answer that could be passed on: what the record says beside its status, what
 * the caller's reason is, and the words for whoever called. They carry nothing of the server's own.
 */
public enum Cause {
    TIMEOUT(Reason.UPSTREAM_TIMEOUT, Health.SILENT, "The server did not answer in time"),
    RESET(
            Reason.UPSTREAM_ERROR,
            Health.SILENT,
            "The connection to the server broke before its answer came"),
    NO_CONNECTION(Reason.UPSTREAM_ERROR, Health.SILENT, "The server could not be reached"),
    HTTP_5XX(Reason.UPSTREAM_ERROR, Health.SILENT, "The server answered that it failed (HTTP 5xx)"),
    HTTP_STATUS(
            Reason.UPSTREAM_ERROR,
            Health.ANSWERS,
            "The server answered with an HTTP status that carries no result"),
    UNAUTHORISED(
            Reason.UPSTREAM_AUTH_REQUIRED,
            Health.ANSWERS,
            "The server does not accept the gateway's credential (HTTP 401 or 403)"),
    NOT_JSON(Reason.UPSTREAM_PROTOCOL_ERROR, Health.ANSWERS, "The server's answer is not JSON"),
    WRONG_ENVELOPE(
            Reason.UPSTREAM_PROTOCOL_ERROR,
            Health.ANSWERS,
            "The server's answer is not what MCP lets it answer"),
    REDIRECT(
            Reason.UPSTREAM_REDIRECT,
            Health.ANSWERS,
            "The server answered with a redirect, which is not followed"),
    TOO_LARGE(Reason.RESPONSE_TOO_LARGE, Health.ANSWERS, "The server's answer is too large"),
    DECLINED(
            Reason.UPSTREAM_ERROR,
            Health.ANSWERS,
            "The server does not know the gateway's session or revision"),
    OVERLOADED(Reason.OVERLOADED, Health.UNKNOWN, "Too many answers are being read here"),
    EGRESS_DENIED(Reason.EGRESS_DENIED, Health.UNKNOWN, "The server's address is not permitted"),
    RATE_LIMITED(
            Reason.RATE_LIMITED, Health.UNKNOWN, "Too many requests to this server are under way"),
    RPC_ERROR(Reason.UPSTREAM_ERROR, Health.ANSWERS, "The server answered with an error"),
    OUTPUT_SCHEMA(
            Reason.OUTPUT_SCHEMA_VIOLATION,
            Health.ANSWERS,
            "The answer does not match the tool's output schema"),
    CANCELLED(Reason.CANCELLED, Health.UNKNOWN, "The call was cancelled"),
    CLIENT_GONE(Reason.CANCELLED, Health.UNKNOWN, "The client has left"),
    STOPPED(Reason.STOPPED, Health.UNKNOWN, "The call was stopped"),
    GATEWAY(Reason.UPSTREAM_ERROR, Health.UNKNOWN, "The gateway could not use the server");

    private final Reason reason;
    private final Health health;
    private final String words;

    Cause(Reason reason, Health health, String words) {
        this.reason = reason;
        this.health = health;
        this.words = words;
    }

    /**
     * @param sent whether the server may have seen the request
     */
    static Cause of(UpstreamFailure failure, boolean sent) {
        return switch (failure) {
            case TIMED_OUT -> TIMEOUT;
            case UNREACHABLE -> sent ? RESET : NO_CONNECTION;
            case SERVER_ERROR -> HTTP_5XX;
            case UNAUTHORISED -> UNAUTHORISED;
            case HTTP_ERROR -> HTTP_STATUS;
            case DECLINED -> DECLINED;
            case PROTOCOL_ERROR -> WRONG_ENVELOPE;
            case NOT_JSON, ENCODED -> NOT_JSON;
            case REDIRECT -> REDIRECT;
            case RESPONSE_TOO_LARGE -> TOO_LARGE;
            case EGRESS_DENIED -> EGRESS_DENIED;
            case OVERLOADED -> OVERLOADED;
            case OVER_LIMIT -> RATE_LIMITED;
        };
    }

    public Reason reason() {
        return reason;
    }

    /** What it says of the server. */
    Health health() {
        return health;
    }

    /** As records have it (docs/reference/audit-format.md). */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A sentence for the model or the user.
     *
     * @param sent whether the tool may have run; otherwise it did not
     */
    public String sentence(boolean sent) {
        return words + (sent ? "; the tool may have run." : "; the tool did not run.");
    }
}
