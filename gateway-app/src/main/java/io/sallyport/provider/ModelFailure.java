package io.sallyport.provider;

import io.sallyport.error.Reason;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Why a provider gave no answer, in the words of our error contract. Of what the provider said it
 * has a status, for 429 the seconds to wait, and what {@link ProviderError} lets through.
 */
public final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int MAX_WAIT_DIGITS = 6;
    private static final String QUOTED = " It says: ";

    /** Some of a thousand streams end in any second. */
    private static final int SHORT_WAIT_SECONDS = 1;

    private final Reason reason;
    private final int status;
    private final int waitSeconds;
    private final transient ProviderError said;

    private ModelFailure(
            Reason reason, int status, int waitSeconds, String sentence, ProviderError said) {
        super(sentence, null, false, false);
        this.reason = reason;
        this.status = status;
        this.waitSeconds = waitSeconds;
        this.said = said;
    }

    /** The provider answered with a status that is not a success. */
    static ModelFailure answered(Optional<String> retryAfter, ProviderError said) {
        int status = said.status();
        if (status == 401 || status == 403) {
            return withStatus(
                    Reason.UPSTREAM_AUTH_ERROR,
                    "The model provider refused this gateway's credential." + quoted(said),
                    status);
        }
        if (status == 429) {
            return refused(Reason.RATE_LIMITED, 429, seconds(retryAfter), said);
        }
        if (status >= 400 && status < 500) {
            var unknown = status == 404 || status == 408;
            var reason = unknown ? Reason.UPSTREAM_ERROR : Reason.INVALID_REQUEST;
            return refused(reason, status, 0, said);
        }
        return failed(status, said);
    }

    /** Its words are the message, because clients read in them what to change. */
    private static ModelFailure refused(
            Reason reason, int status, int waitSeconds, ProviderError said) {
        var own =
                status == 429
                        ? "The model provider is over its rate limit."
                        : "The model provider refused the request.";
        var sentence = said.message().isEmpty() ? own : said.message();
        return new ModelFailure(reason, status, waitSeconds, sentence, said);
    }

    private static ModelFailure failed(int status, ProviderError said) {
        return withStatus(
                Reason.UPSTREAM_ERROR,
                "The model provider failed (HTTP " + status + ")." + quoted(said),
                status);
    }

    /** Nothing that the caller could change: of what was said only the status is kept, for us. */
    private static ModelFailure withStatus(Reason reason, String sentence, int status) {
        return new ModelFailure(reason, 502, 0, sentence, ProviderError.silent(status));
    }

    /** The provider reports an error in an answer that began as a success. */
    static ModelFailure reported(ProviderError said) {
        return switch (said.code()) {
            case "" ->
                    of(
                            Reason.UPSTREAM_ERROR,
                            502,
                            "The model provider reported an error in its answer." + quoted(said));
            case "rate_limit_exceeded", "insufficient_quota", "tokens_limit_reached" ->
                    refused(Reason.RATE_LIMITED, 429, 0, said);
            default -> refused(Reason.INVALID_REQUEST, 400, 0, said);
        };
    }

    /**
     * @param payload of an answer or of an event
     * @throws ModelFailure if it tells of an error
     */
    public static void requireNone(JsonNode payload, ModelTarget target) {
        if (ProviderError.isToldBy(payload)) {
            throw reported(ProviderError.of(0, payload, target.words()));
        }
    }

    private static String quoted(ProviderError said) {
        return said.message().isEmpty() ? "" : QUOTED + said.message();
    }

    /** No connection, a forbidden destination or a broken connection: one text for all of them. */
    public static ModelFailure unreachable() {
        return of(Reason.UPSTREAM_ERROR, 502, "The model provider could not be reached.");
    }

    /** This gateway has as many requests under way there as one tenant may; nothing was sent. */
    public static ModelFailure busy() {
        return new ModelFailure(
                Reason.RATE_LIMITED,
                429,
                SHORT_WAIT_SECONDS,
                "Too many requests of this tenant to the model provider are under way.",
                ProviderError.NONE);
    }

    /** Too much of what is answered is kept in memory already; the rest was not read. */
    public static ModelFailure overloaded() {
        return new ModelFailure(
                Reason.OVERLOADED,
                503,
                SHORT_WAIT_SECONDS,
                "The gateway holds too many large answers; try again in a few seconds.",
                ProviderError.NONE);
    }

    public static ModelFailure timedOut() {
        return of(Reason.UPSTREAM_TIMEOUT, 504, "The model provider did not answer in time.");
    }

    /** The request had left when the connection broke. */
    static ModelFailure broken() {
        return of(Reason.UPSTREAM_ERROR, 502, "The connection to the model provider broke off.");
    }

    /** The answer is not what a Chat Completions provider answers. */
    public static ModelFailure malformed() {
        return malformed("could not be understood");
    }

    /**
     * @param what what is wrong with the answer, as the end of a sentence about it
     */
    static ModelFailure malformed(String what) {
        return of(Reason.UPSTREAM_PROTOCOL_ERROR, 502, "The model provider's answer " + what + ".");
    }

    public static ModelFailure tooLarge() {
        return of(Reason.RESPONSE_TOO_LARGE, 502, "The model provider's answer is too large.");
    }

    /** The stream stopped before the model had ended its answer. */
    public static ModelFailure cut() {
        return of(Reason.UPSTREAM_ERROR, 502, "The model provider's stream was cut.");
    }

    /** The model's answer ended with a word that says that it failed. */
    public static ModelFailure brokenOff() {
        return of(Reason.UPSTREAM_ERROR, 502, "The model provider broke its answer off.");
    }

    private static ModelFailure of(Reason reason, int status, String sentence) {
        return new ModelFailure(reason, status, 0, sentence, ProviderError.NONE);
    }

    private static int seconds(Optional<String> retryAfter) {
        return retryAfter
                .filter(it -> it.length() <= MAX_WAIT_DIGITS && it.matches("[0-9]+"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    public Reason reason() {
        return reason;
    }

    /** The HTTP status that our client sees. */
    public int status() {
        return status;
    }

    /** How long the provider asks to wait, 0 for unknown. */
    public int waitSeconds() {
        return waitSeconds;
    }

    /** What the provider itself said, as everybody may read it. */
    public ProviderError said() {
        return said;
    }

    /** The provider's code if clients know it, otherwise that of {@link #reason}. */
    public String code() {
        return said.code().isEmpty() ? reason.code() : said.code();
    }

    /** What happened in our own words, for a log. */
    public String summary() {
        if (status == 429) {
            return "too many requests to the model provider";
        }
        return status >= 400 && status < 500
                ? "the model provider refused the request"
                : withoutWords();
    }

    private String withoutWords() {
        var sentence = sentence();
        int words = sentence.indexOf(QUOTED);
        return words < 0 ? sentence : sentence.substring(0, words);
    }

    /** One sentence without internals. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
