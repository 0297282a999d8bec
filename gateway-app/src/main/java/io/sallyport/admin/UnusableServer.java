package io.sallyport.admin;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.Transport;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.FaultDetail.Cause;
import io.sallyport.error.Reason;
import io.sallyport.servers.ServerFault;
import java.util.Optional;

/**
 * What an admin is told of a server that could not be used. Addresses that must not be asked, and
 * names that have none, are one answer, so that nobody can map a network with it. Of an address
 * that only an exception permits, a tenant's admin learns the class of what happened.
 *
 * @param whole whether the one who asks may know what the server answered: it is at a public
 *     address, or a platform admin asks
 */
record UnusableServer(McpServer server, ServerFault fault, boolean whole) {
    /** Longest words of a server that are shown; the last lines of a program may be longer. */
    private static final int MAX_WORDS = 200;

    private static final String EGRESS_SENTENCE =
            "The server cannot be reached, or must not be; a platform admin may permit a private"
                    + " address in egress.allow.";

    static Refusal egressDenied() {
        return new Refusal(422, Reason.EGRESS_DENIED, EGRESS_SENTENCE);
    }

    Refusal refusal() {
        var reason = reason();
        if (reason == Reason.EGRESS_DENIED) {
            return egressDenied();
        }
        return reason == Reason.RATE_LIMITED ? new Refusal(429, reason, sentence()) : told(reason);
    }

    private Refusal told(Reason reason) {
        var upstream = AdminAnswer.JSON.objectNode();
        if (fault.status() != 0) {
            upstream.put("status", status());
        }
        words().ifPresent(it -> upstream.put("text", it));
        var more = AdminAnswer.JSON.objectNode();
        if (!upstream.isEmpty()) {
            more.set("upstream", upstream);
        }
        return new Refusal(422, reason, sentence() + said(), more);
    }

    /** One line: the code and, for whoever may know, what happened. */
    String line() {
        var reason = reason();
        return reason.code()
                + ": "
                + (reason == Reason.EGRESS_DENIED ? EGRESS_SENTENCE : sentence() + said());
    }

    private String said() {
        return words().map(it -> " It says: " + it).orElse("");
    }

    private Optional<String> words() {
        if (!whole || fault.words().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                isProgram() ? fault.words() : ShortText.cut(fault.words(), MAX_WORDS - 1));
    }

    private String status() {
        return whole ? String.valueOf(fault.status()) : fault.status() / 100 + "xx";
    }

    private boolean isProgram() {
        return switch (server.transport()) {
            case Transport.StreamableHttp _ -> false;
            case Transport.Stdio _ -> true;
        };
    }

    private Reason reason() {
        return switch (fault.failure()) {
            case EGRESS_DENIED ->
                    fault.refusal().equals(Optional.of(EgressRefusal.SCHEME))
                            ? Reason.SCHEME_NOT_ALLOWED
                            : Reason.EGRESS_DENIED;
            case UNREACHABLE -> unreachable();
            case TIMED_OUT, SERVER_ERROR -> Reason.UPSTREAM_UNREACHABLE;
            case UNAUTHORISED -> Reason.UPSTREAM_AUTH_REQUIRED;
            case HTTP_ERROR, REDIRECT, NOT_JSON -> Reason.UPSTREAM_NOT_MCP;
            case PROTOCOL_ERROR ->
                    fault.cause() == Cause.VERSION
                            ? Reason.UPSTREAM_VERSION
                            : Reason.UPSTREAM_PROTOCOL_ERROR;
            case ENCODED -> Reason.UPSTREAM_PROTOCOL_ERROR;
            case DECLINED -> Reason.UPSTREAM_VERSION;
            case RESPONSE_TOO_LARGE -> Reason.UPSTREAM_LIST_TOO_LARGE;
            case OVER_LIMIT, OVERLOADED -> Reason.RATE_LIMITED;
        };
    }

    private Reason unreachable() {
        return switch (fault.cause()) {
            case TLS -> Reason.UPSTREAM_TLS;
            case OTHER, UNKNOWN_NAME, VERSION, LIST_TOO_LARGE, CATALOGUE_FULL, NO_LIST, RPC_ERROR ->
                    isProgram() ? Reason.PROGRAM_ENDED : Reason.UPSTREAM_UNREACHABLE;
        };
    }

    private String sentence() {
        return switch (fault.failure()) {
            case EGRESS_DENIED -> "Only https is spoken to this address.";
            case UNREACHABLE -> nothingAnswers();
            case TIMED_OUT -> "The server did not answer in time.";
            case SERVER_ERROR -> "The server failed" + answered();
            case UNAUTHORISED -> "The server wants a credential that it accepts" + answered();
            case HTTP_ERROR -> "This address is no MCP endpoint" + answered();
            case REDIRECT ->
                    "This address is no MCP endpoint: it leads elsewhere, with status "
                            + status()
                            + ", where it is not followed.";
            case NOT_JSON ->
                    "This address is no MCP endpoint: its answer is neither JSON nor events.";
            case PROTOCOL_ERROR -> brokenProtocol();
            case ENCODED -> "The server compresses its answers, which nobody asked for.";
            case DECLINED -> "The server takes none of the revisions that are spoken here.";
            case RESPONSE_TOO_LARGE -> tooLarge();
            case OVER_LIMIT, OVERLOADED -> "Too many servers are being listed; try again.";
        };
    }

    /** Of a call that failed no status is kept. */
    private String answered() {
        return fault.status() == 0 ? "." : ": it answered with status " + status() + ".";
    }

    private String tooLarge() {
        return fault.cause() == Cause.CATALOGUE_FULL
                ? "With this list, what the tenant's servers list takes more memory than a tenant"
                        + " may have."
                : "What the server lists is more than is read of one.";
    }

    private String nothingAnswers() {
        if (isProgram()) {
            return "The program did not start, or ended before it had answered.";
        }
        return fault.cause() == Cause.TLS
                ? "No TLS came about: the server speaks plain http, or its certificate is not"
                        + " trusted."
                : "Nothing answers at this address and port.";
    }

    private String brokenProtocol() {
        return switch (fault.cause()) {
            case VERSION -> "The server speaks none of the revisions that are spoken here.";
            case NO_LIST -> "What the server answers in place of a list is none.";
            case RPC_ERROR -> "The server answers with an error.";
            case OTHER, UNKNOWN_NAME, TLS, LIST_TOO_LARGE, CATALOGUE_FULL ->
                    "The server answers what MCP does not let it answer.";
        };
    }
}
