package io.sallyport.chat;

import io.sallyport.provider.ModelFailure;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Why a model ended its answer: said in the words of many providers, told in OpenAI's. A word that
 * nobody knows is an end like {@code stop}, unless a part of it says that the answer is incomplete:
 * nothing of such an answer may run. Neither may anything of an answer that ends with a sentence,
 * because nobody can tell what that one says.
 *
 * <p>Capitals, hyphens and underscores make no other word, and the whole of what is said is judged,
 * the name of an enumeration before a dot included.
 */
final class FinishReason {
    static final String STOP = "stop";
    static final String LENGTH = "length";
    static final String CONTENT_FILTER = "content_filter";
    static final String TOOL_CALLS = "tool_calls";

    /** No provider's word has half of it. */
    private static final int LONGEST_WORD = 64;

    /** So much of a sentence is searched for words. */
    private static final int MOST_LOOKED_AT = 1_024;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}_-]+");
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** One word, or the path of one, in whatever brackets. */
    private static final Pattern WORD =
            Pattern.compile("\\W{0,2}[\\w-]++(?:[.:/][\\w-]++)*+\\W{0,2}");

    /** Some providers write that there is no reason yet. */
    private static final Set<String> NONE =
            words("null", "none", "unspecified", "finish_reason_unspecified");

    /** Ends that some write as several words. */
    private static final Set<String> WHOLE =
            words(
                    STOP,
                    TOOL_CALLS,
                    "tool_call",
                    "tool_use",
                    "function_call",
                    "end_turn",
                    "end_of_turn",
                    "end_of_text",
                    "end_of_sequence",
                    "stop_sequence",
                    "stop_token",
                    "eos_token");

    private static final Set<String> FILTERED =
            words(
                    CONTENT_FILTER,
                    "content_filtered",
                    "content_filtering",
                    "safety",
                    "image_safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "refusal",
                    "sensitive",
                    "guardrail_intervened",
                    "moderation");

    private static final Set<String> FAILED =
            words(
                    "error",
                    "error_toxic",
                    "error_limit",
                    "network_error",
                    "server_error",
                    "failed",
                    "abort",
                    "aborted",
                    "cancelled",
                    "canceled",
                    "timeout",
                    "insufficient_system_resource",
                    "malformed_function_call",
                    "unexpected_tool_call");

    /** Parts of words that no whole answer ends with, whoever made the word up; letters only. */
    private static final List<String> DOUBTFUL =
            List.of(
                    "limit",
                    "length",
                    "max",
                    "toomany",
                    "malformed",
                    "invalid",
                    "cancel",
                    "abort",
                    "interrupt",
                    "timeout",
                    "timedout",
                    "notfinish",
                    "unfinish",
                    "incomplete",
                    "partial",
                    "truncat",
                    "safety",
                    "filter",
                    "prohibit",
                    "block",
                    "refus",
                    "error",
                    "fail",
                    "language",
                    "other",
                    "windowexceeded",
                    "pauseturn");

    private FinishReason() {}

    /** The word, or one that says that the answer may be cut where it is no text at all. */
    static String said(JsonNode choice) {
        var reason = choice.path("finish_reason");
        return reason.isString() || reason.isNull() || reason.isMissingNode()
                ? reason.asString("")
                : LENGTH;
    }

    /** Whether {@code said} is a reason at all. */
    static boolean isOne(String said) {
        if (said.isBlank()) {
            return false;
        }
        var last = letters(said.substring(said.lastIndexOf('.') + 1));
        return !NONE.contains(last) || isDoubtful(said);
    }

    /**
     * The word for the client.
     *
     * @param said the provider's word, empty if it ended the answer without one
     * @param calls whether the answer has tool calls
     * @throws ModelFailure if the word says that the provider failed
     */
    static String of(String said, boolean calls) {
        if (isSaidIn(said, FAILED)) {
            throw ModelFailure.brokenOff();
        }
        if (isSaidIn(said, FILTERED)) {
            return CONTENT_FILTER;
        }
        if (isDoubtful(said)) {
            return LENGTH;
        }
        return calls ? TOOL_CALLS : STOP;
    }

    /** As the whole, or as a word of a sentence. */
    private static boolean isSaidIn(String said, Set<String> words) {
        return words.contains(letters(said)) || parts(said).stream().anyMatch(words::contains);
    }

    private static boolean isDoubtful(String said) {
        var letters = letters(said);
        return !said.isBlank() && !isWord(said) && !WHOLE.contains(letters)
                || DOUBTFUL.stream().anyMatch(letters::contains);
    }

    private static boolean isWord(String said) {
        return said.length() <= LONGEST_WORD
                && !letters(said).isEmpty()
                && WORD.matcher(said.strip()).matches();
    }

    private static List<String> parts(String said) {
        return BETWEEN_WORDS.splitAsStream(begin(said)).map(FinishReason::letters).toList();
    }

    private static String letters(String said) {
        return NO_LETTERS.matcher(begin(said)).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static String begin(String said) {
        return said.substring(0, Math.min(said.length(), MOST_LOOKED_AT));
    }

    private static Set<String> words(String... words) {
        return Stream.of(words).map(FinishReason::letters).collect(Collectors.toUnmodifiableSet());
    }
}
