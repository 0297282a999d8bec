package io.sallyport.gate;

import java.util.Locale;

/**
 * Why a call has no answer that could be passed on: what the record says beside its status, and the
 * words for whoever called. They carry nothing of the server's own.
 */
enum Cause {
    TIMEOUT("The server did not answer in time"),
    RESET("The connection to the server broke before its answer came"),
    NO_CONNECTION("The server could not be reached"),
    HTTP_5XX("The server answered that it failed (HTTP 5xx)"),
    HTTP_STATUS("The server answered with an HTTP status that carries no result"),
    UNAUTHORISED("The server does not accept the gateway's credential (HTTP 401 or 403)"),
    NOT_JSON("The server's answer is not JSON"),
    WRONG_ENVELOPE("The server's answer is not what MCP lets it answer"),
    REDIRECT("The server answered with a redirect, which is not followed"),
    TOO_LARGE("The server's answer is too large"),
    DECLINED("The server does not know the gateway's session or revision"),
    OVERLOADED("Too many answers are being read here"),
    EGRESS_DENIED("The server's address is not permitted"),
    RATE_LIMITED("Too many requests to this server are under way"),
    RPC_ERROR("The server answered with an error"),
    OUTPUT_SCHEMA("The answer does not match the tool's output schema"),
    CANCELLED("The call was cancelled"),
    CLIENT_GONE("The client has left"),
    STOPPED("The call was stopped"),
    GATEWAY("The gateway could not use the server");

    private final String words;

    Cause(String words) {
        this.words = words;
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
    String sentence(boolean sent) {
        return words + (sent ? "; the tool may have run." : "; the tool did not run.");
    }
}
