package io.sallyport.provider;

import io.sallyport.bridge.PeerText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a provider says of an error, as our clients may read it: the words went through {@link
 * PeerText}, and code, type and parameter are among those of OpenAI's API. Whatever else stands in
 * the body is left out. Members that say nothing are empty.
 *
 * @param status of the answer, 0 where the error was told inside a success
 */
public record ProviderError(int status, String message, String type, String param, String code) {
    /** It said nothing that could be told. */
    public static final ProviderError NONE = silent(0);

    /** What clients decide by: to shorten a conversation, to wait, to leave a parameter out. */
    private static final Set<String> CODES =
            Set.of(
                    "context_length_exceeded",
                    "rate_limit_exceeded",
                    "insufficient_quota",
                    "tokens_limit_reached",
                    "request_too_large",
                    "invalid_value",
                    "invalid_type",
                    "invalid_prompt",
                    "invalid_function_parameters",
                    "missing_required_parameter",
                    "unknown_parameter",
                    "unsupported_parameter",
                    "unsupported_value",
                    "string_above_max_length",
                    "string_below_min_length",
                    "array_above_max_length",
                    "array_below_min_length",
                    "integer_above_max_value",
                    "integer_below_min_value",
                    "decimal_above_max_value",
                    "decimal_below_min_value",
                    "content_filter",
                    "content_policy_violation",
                    "model_not_found",
                    "invalid_image_url",
                    "invalid_image_format",
                    "invalid_base64_image",
                    "image_too_large",
                    "unsupported_image_media_type",
                    "json_validate_failed",
                    "tool_use_failed");

    private static final Set<String> TYPES =
            Set.of(
                    "invalid_request_error",
                    "authentication_error",
                    "permission_error",
                    "not_found_error",
                    "rate_limit_error",
                    "server_error",
                    "service_unavailable_error",
                    "api_error",
                    "overloaded_error",
                    "insufficient_quota",
                    "tokens",
                    "requests");

    /** A member of the request, and where in it. */
    private static final Pattern PARAM =
            Pattern.compile(
                    "(?:model|messages|tools|functions|tool_choice|parallel_tool_calls|max_tokens"
                            + "|max_completion_tokens|temperature|top_p|top_k|n|stop|stream"
                            + "|stream_options|response_format|reasoning_effort|reasoning|logprobs"
                            + "|top_logprobs|logit_bias|presence_penalty|frequency_penalty|seed|user"
                            + "|metadata|store|modalities|audio|prediction|service_tier|verbosity"
                            + "|web_search_options)(?:\\.[a-zA-Z_]{1,40}+|\\.[0-9]{1,6}+"
                            + "|\\[[0-9]{1,6}+\\]){0,12}");

    /** Of a place in a request. */
    private static final int MOST_STEPS = 16;

    private static final Pattern CODE = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,6}");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,39}");

    /**
     * Reads the body of an answer that is no success, whatever its type: OpenAI's shape, the shapes
     * of those who came after it, or a line of text.
     */
    static ProviderError read(int status, byte[] body, PeerText words) {
        try {
            return of(status, StrictJson.mending(WholeAnswer.withoutMark(body)).tree(), words);
        } catch (MalformedJson e) {
            var text = new String(body, StandardCharsets.UTF_8).strip();
            return isPlain(text)
                    ? new ProviderError(status, words.render(text), "", "", "")
                    : silent(status);
        }
    }

    /** No page, no piece of JSON, nothing binary. */
    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && "<{[".indexOf(text.charAt(0)) < 0
                && text.chars().noneMatch(it -> it < ' ' && !Character.isWhitespace(it));
    }

    static ProviderError silent(int status) {
        return new ProviderError(status, "", "", "", "");
    }

    /** The body of an answer or of an event that tells of an error. */
    static ProviderError of(int status, JsonNode body, PeerText words) {
        var tree = body.isArray() ? body.path(0) : body;
        var error = tree.path("error").isObject() ? tree.path("error") : tree;
        return new ProviderError(
                status,
                words.render(message(tree, error)),
                known(TYPES, error.path("type")),
                param(error.path("param")),
                known(CODES, error.path("code")));
    }

    private static String message(JsonNode tree, JsonNode error) {
        return Stream.of(
                        error.path("message"),
                        tree.path("error"),
                        tree.path("message"),
                        error.path("detail"),
                        tree.path("errors"),
                        tree.path("error_description"),
                        tree.path("error_msg"),
                        tree.path("base_resp").path("status_msg"),
                        tree.path("msg"))
                .map(ProviderError::told)
                .filter(it -> !it.isBlank())
                .findFirst()
                .orElse("");
    }

    /** A text, or the first finding of a list; Mistral has FastAPI's list inside its message. */
    private static String told(JsonNode said) {
        var findings = said.isArray() ? said : said.path("detail");
        return text(said).orElseGet(() -> finding(findings.path(0)));
    }

    private static String finding(JsonNode finding) {
        var text = text(finding.path("msg")).or(() -> text(finding.path("message"))).orElse("");
        var place = place(finding.path("loc"));
        return place.isEmpty() || text.isBlank() ? text : place + ": " + text;
    }

    /**
     * {@code ["body","tools",4,"function"]} as {@code tools[4].function}. What is no name of a
     * member is one of a type there.
     */
    private static String place(JsonNode loc) {
        var place = new StringBuilder();
        loc.valueStream().limit(MOST_STEPS).forEach(it -> append(place, it));
        return place.toString();
    }

    private static void append(StringBuilder place, JsonNode step) {
        var name = step.asString("");
        if (step.isIntegralNumber() && POSITION.matcher(name).matches()) {
            place.append('[').append(name).append(']');
        } else if (NAME.matcher(name).matches() && !(place.isEmpty() && name.equals("body"))) {
            place.append(place.isEmpty() ? "" : ".").append(name);
        }
    }

    private static String known(Set<String> words, JsonNode said) {
        return text(said).filter(words::contains).orElse("");
    }

    private static String param(JsonNode said) {
        return text(said).filter(it -> PARAM.matcher(it).matches()).orElse("");
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    /**
     * Whether a payload could tell of an error: a quick look, so that not every one is parsed. Most
     * have choices and name no error.
     */
    public static boolean mayBeToldBy(String payload) {
        return payload.contains("\"error")
                || payload.contains("\"base_resp\"")
                || !payload.contains("\"choices\"");
    }

    /**
     * Whether a payload of an answer or of an event tells of an error. {@code "error":null} and an
     * empty one do not.
     */
    static boolean isToldBy(JsonNode answer) {
        var payload = answer.isArray() ? answer.path(0) : answer;
        var error = payload.path("error");
        var kind = text(payload.path("object")).or(() -> text(payload.path("type"))).orElse("");
        return error.isObject() && !error.isEmpty()
                || error.isString() && !error.stringValue().isBlank()
                || kind.equals("error")
                || payload.path("choices").isEmpty() && isToldOtherwise(payload);
    }

    /** By those who have members of their own for it, which say 0 or 200 for a success. */
    private static boolean isToldOtherwise(JsonNode payload) {
        var code = number(payload.path("code"));
        return isBoolean(payload.path("error"), true)
                || isBoolean(payload.path("success"), false)
                || isFailure(payload.path("base_resp").path("status_code"))
                || isFailure(payload.path("error_code"))
                || (code < 0 || code >= 400) && !message(payload, payload).isEmpty();
    }

    private static boolean isBoolean(JsonNode node, boolean value) {
        return node.isBoolean() && node.booleanValue() == value;
    }

    private static boolean isFailure(JsonNode code) {
        return number(code) != 0 || text(code).filter(NAME.asMatchPredicate()).isPresent();
    }

    /** A code as a number or in a text, 0 for none. */
    private static long number(JsonNode code) {
        var text = code.isIntegralNumber() ? code.asString("") : text(code).orElse("");
        return CODE.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    /** The words are not for everybody. */
    @Override
    public String toString() {
        return "ProviderError[" + code + "]";
    }
}
