package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import io.sallyport.provider.ModelFailure;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One error answer of the Chat Completions face, in OpenAI's shape with all four members.
 *
 * @param type the one that goes with the status, unless a provider said another
 * @param message for people; never carries internals, contents of the request or secrets
 * @param param the request member at fault, empty for none
 */
record ChatError(
        int status,
        String type,
        String code,
        String message,
        String param,
        Map<String, String> headers) {
    ChatError {
        headers = Map.copyOf(headers);
    }

    ChatError(int status, String code, String message, String param, Map<String, String> headers) {
        this(status, ErrorBody.openAiType(status), code, message, param, headers);
    }

    static ChatError of(int status, Reason reason, String message) {
        return new ChatError(status, reason.code(), message, "", Map.of());
    }

    /** The request itself is wrong: 400. */
    static ChatError invalid(Reason reason, String message, String param) {
        return new ChatError(400, reason.code(), message, param, Map.of());
    }

    static ChatError of(MalformedJson malformed) {
        var fault = malformed.fault();
        return invalid(Reason.valueOf(fault.name()), "The body " + fault.complaint() + ".", "");
    }

    static ChatError of(ModelFailure failure) {
        var headers =
                failure.waitSeconds() > 0
                        ? Map.of("retry-after", String.valueOf(failure.waitSeconds()))
                        : Map.<String, String>of();
        var said = failure.said();
        return new ChatError(
                failure.status(),
                said.type().isEmpty() ? ErrorBody.openAiType(failure.status()) : said.type(),
                failure.code(),
                failure.sentence(),
                said.param(),
                headers);
    }

    static ChatError modelNotFound() {
        return new ChatError(
                404,
                Reason.MODEL_NOT_FOUND.code(),
                "The model does not exist or you may not use it.",
                "model",
                Map.of());
    }

    static ChatError auditUnavailable() {
        return of(503, Reason.AUDIT_UNAVAILABLE, "The request cannot be recorded at the moment.");
    }

    /** Without rules there are no tools, and a run without them is not what was asked for. */
    static ChatError policyUnavailable() {
        return of(503, Reason.POLICY_UNAVAILABLE, "The rules of this tenant cannot be read.");
    }

    static ChatError timedOut() {
        return of(504, Reason.UPSTREAM_TIMEOUT, "The run did not end in time.");
    }

    static ChatError stopping() {
        return of(503, Reason.CANCELLED, "The gateway stops.");
    }

    /** An admin stopped whoever asked, or the whole tenant. */
    static ChatError stopped() {
        return of(403, Reason.STOPPED, "The run was stopped.");
    }

    static ChatError overloaded() {
        return new ChatError(
                503,
                Reason.OVERLOADED.code(),
                "Too much is being computed; try again.",
                "",
                Map.of("retry-after", "2"));
    }

    static ChatError internal() {
        return of(500, Reason.INTERNAL_ERROR, "The gateway failed.");
    }

    /** Whatever failed: it must not be tried again, because a tool may have changed something. */
    static ChatError afterSideEffects(String run) {
        return new ChatError(
                400,
                Reason.RUN_FAILED_AFTER_SIDE_EFFECTS.code(),
                "Run " + run + " failed after a tool that is not read-only ran; do not repeat it.",
                "",
                Map.of("x-should-retry", "false"));
    }

    /** Nothing was changed yet; whoever asks again gets the answer to the repetition. */
    static ChatError repeatedMeanwhile() {
        return new ChatError(
                503,
                Reason.REPEATED_ATTEMPT.code(),
                "The same request was made again meanwhile and is being answered; repeat it.",
                "",
                Map.of("retry-after", "1"));
    }

    static ChatError tooManyRuns() {
        return new ChatError(
                429,
                Reason.RATE_LIMITED.code(),
                "Too many runs are kept in case they are asked for again; wait.",
                "",
                Map.of("retry-after", "30"));
    }

    static ChatError tooManyRepetitions() {
        return new ChatError(
                429,
                Reason.RATE_LIMITED.code(),
                "Too many requests wait for runs that they belong to; wait.",
                "",
                Map.of("retry-after", "5"));
    }

    byte[] body() {
        return JsonText.write(tree());
    }

    /** {@code {"error":{message,type,param,code}}}. */
    ObjectNode tree() {
        var tree = JsonNodeFactory.instance.objectNode();
        var error = tree.putObject("error");
        error.put("message", message);
        error.put("type", type);
        if (param.isEmpty()) {
            error.putNull("param");
        } else {
            error.put("param", param);
        }
        error.put("code", code);
        return tree;
    }
}
