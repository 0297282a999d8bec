package io.sallyport.gate;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Oversize;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.error.Reason;
import io.sallyport.gate.Circuits.Health;
import java.util.Optional;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** How the leg to the upstream ended, before it is recorded. */
sealed interface Ending {
    /** What the record says. */
    Status status();

    /** What it says of the server: one that answers is well, whatever it says. */
    default Health health() {
        return Health.ANSWERS;
    }

    /**
     * @param mended whether U+FFFD stands in the result for characters that were none
     */
    record Answered(Status status, JsonNode result, boolean mended) implements Ending {}

    /** The upstream answered a tools/call with a JSON-RPC error, which is a result here. */
    record Failed(JsonNode result) implements Ending {
        @Override
        public Status status() {
            return Status.TOOL_ERROR;
        }
    }

    /** The upstream waits for answers. */
    record Asked(JsonNode result, Continuation continuation) implements Ending {
        @Override
        public Status status() {
            return Status.INPUT_REQUIRED;
        }
    }

    /** Updates may be heard from now on. */
    record Watching(Flux<ServerChange> updates) implements Ending {
        @Override
        public Status status() {
            return Status.OK;
        }

        @Override
        public Health health() {
            return Health.UNKNOWN;
        }
    }

    /** The upstream answered something other than a tools/call with an error. */
    record Rejected(int code, Optional<JsonNode> required) implements Ending {
        @Override
        public Status status() {
            return Status.TOOL_ERROR;
        }
    }

    /** A complete answer that nobody may see: the tool ran. */
    record Withheld(Reason reason, Cause cause, String sentence) implements Ending {
        @Override
        public Status status() {
            return Status.REFUSED;
        }
    }

    /**
     * No answer.
     *
     * @param sent whether the server may have seen the request
     * @param cause what the record says of it
     */
    record Broken(Status status, Reason reason, boolean sent, Health health, Cause cause)
            implements Ending {
        /** The server answered, but with nothing that can be passed on. */
        static Broken answered(Status status, Reason reason, Cause cause) {
            return new Broken(status, reason, true, Health.ANSWERS, cause);
        }

        /** What became of it is not known, for reasons of ours. */
        static Broken sent(Reason reason, Cause cause) {
            return new Broken(Status.INDETERMINATE, reason, true, Health.UNKNOWN, cause);
        }

        /** For reasons of ours. */
        static Broken unsent(Reason reason, Cause cause) {
            return new Broken(Status.NOT_SENT, reason, false, Health.UNKNOWN, cause);
        }

        private static Status status(boolean sent) {
            return sent ? Status.INDETERMINATE : Status.NOT_SENT;
        }

        /** For the model or the user. */
        String sentence() {
            return cause.sentence(sent);
        }

        /** The call's first request was sent before, whatever became of this one. */
        Broken inALaterLeg() {
            return new Broken(status, reason, true, health, cause);
        }
    }

    static Ending tooLarge(Oversize oversize) {
        return new Withheld(
                Reason.RESPONSE_TOO_LARGE,
                Cause.TOO_LARGE,
                "The tool ran, but its answer of "
                        + (oversize.announced() ? "" : "more than ")
                        + oversize.bytes()
                        + " bytes is over the limit of "
                        + oversize.limit()
                        + " bytes, so it is withheld. Do not repeat the call.");
    }

    static Ending broken(UpstreamFailure failure, boolean sent) {
        return switch (failure) {
            case TIMED_OUT -> silent(Reason.UPSTREAM_TIMEOUT, sent, Cause.TIMEOUT);
            case UNREACHABLE ->
                    silent(Reason.UPSTREAM_ERROR, sent, sent ? Cause.RESET : Cause.NO_CONNECTION);
            case SERVER_ERROR -> silent(Reason.UPSTREAM_ERROR, sent, Cause.HTTP_5XX);
            case UNAUTHORISED -> useless(Reason.UPSTREAM_AUTH_REQUIRED, sent, Cause.UNAUTHORISED);
            case HTTP_ERROR -> useless(Reason.UPSTREAM_ERROR, sent, Cause.HTTP_STATUS);
            case DECLINED -> useless(Reason.UPSTREAM_ERROR, sent, Cause.DECLINED);
            case PROTOCOL_ERROR ->
                    useless(Reason.UPSTREAM_PROTOCOL_ERROR, sent, Cause.WRONG_ENVELOPE);
            case NOT_JSON, ENCODED -> useless(Reason.UPSTREAM_PROTOCOL_ERROR, sent, Cause.NOT_JSON);
            case REDIRECT -> useless(Reason.UPSTREAM_REDIRECT, sent, Cause.REDIRECT);
            case RESPONSE_TOO_LARGE -> useless(Reason.RESPONSE_TOO_LARGE, sent, Cause.TOO_LARGE);
            case EGRESS_DENIED -> Broken.unsent(Reason.EGRESS_DENIED, Cause.EGRESS_DENIED);
            case OVERLOADED -> Broken.sent(Reason.OVERLOADED, Cause.OVERLOADED);
            case OVER_LIMIT -> Broken.unsent(Reason.RATE_LIMITED, Cause.RATE_LIMITED);
        };
    }

    private static Ending silent(Reason reason, boolean sent, Cause cause) {
        return new Broken(Broken.status(sent), reason, sent, Health.SILENT, cause);
    }

    private static Ending useless(Reason reason, boolean sent, Cause cause) {
        return new Broken(Broken.status(sent), reason, sent, Health.ANSWERS, cause);
    }
}
