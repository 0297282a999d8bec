package io.sallyport.upstream;

import io.sallyport.error.Reason;
import java.util.Optional;

/**
 * Why a provider gave no answer, in the words of our error contract. Nothing that the provider said
 * is in it but a status and, for 429, the seconds to wait.
 */
public final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int MAX_WAIT_DIGITS = 6;

    /** Some of a thousand streams end in any second. */
    private static final int SHORT_WAIT_SECONDS = 1;

    private final Reason reason;
    private final int status;
    private final int waitSeconds;

    private ModelFailure(Reason reason, int status, int waitSeconds, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
        this.status = status;
        this.waitSeconds = waitSeconds;
    }

    /** The provider answered with {@code status}, which is not a success. */
    public static ModelFailure answered(int status, Optional<String> retryAfter) {
        if (status == 401 || status == 403) {
            return of(
                    Reason.UPSTREAM_AUTH_ERROR,
                    502,
                    "The model provider refused this gateway's credential.");
        }
        if (status == 429) {
            return new ModelFailure(
                    Reason.RATE_LIMITED,
                    429,
                    seconds(retryAfter),
                    "The model provider is over its rate limit.");
        }
        if (status >= 400 && status < 500) {
            return refused(status);
        }
        return failed();
    }

    /** The provider says that it failed. */
    public static ModelFailure failed() {
        return of(Reason.UPSTREAM_ERROR, 502, "The model provider failed.");
    }

    private static ModelFailure refused(int status) {
        var reason =
                status == 404 || status == 408 ? Reason.UPSTREAM_ERROR : Reason.INVALID_REQUEST;
        return of(reason, status, "The model provider refused the request.");
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
                "Too many requests of this tenant to the model provider are under way.");
    }

    /** Too much of what is answered is kept in memory already; the rest was not read. */
    public static ModelFailure overloaded() {
        return new ModelFailure(
                Reason.OVERLOADED,
                503,
                SHORT_WAIT_SECONDS,
                "The gateway holds too many large answers; try again in a few seconds.");
    }

    public static ModelFailure timedOut() {
        return of(Reason.UPSTREAM_TIMEOUT, 504, "The model provider did not answer in time.");
    }

    /** The answer is not what a Chat Completions provider answers. */
    public static ModelFailure malformed() {
        return of(
                Reason.UPSTREAM_PROTOCOL_ERROR,
                502,
                "The model provider's answer could not be understood.");
    }

    public static ModelFailure tooLarge() {
        return of(Reason.RESPONSE_TOO_LARGE, 502, "The model provider's answer is too large.");
    }

    /** The provider reported an error, or stopped, in the middle of a stream. */
    public static ModelFailure cut() {
        return of(Reason.UPSTREAM_ERROR, 502, "The model provider's stream was cut.");
    }

    private static ModelFailure of(Reason reason, int status, String sentence) {
        return new ModelFailure(reason, status, 0, sentence);
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

    /** One sentence without internals. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
