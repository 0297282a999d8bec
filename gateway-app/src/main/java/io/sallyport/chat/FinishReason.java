package io.sallyport.chat;

import io.sallyport.upstream.ModelFailure;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Why a model ended its answer: said in the words of many providers, told in OpenAI's. A word that
 * nobody knows is an end like {@code stop}, unless a part of it says that the answer is incomplete:
 * nothing of such an answer may run.
 */
final class FinishReason {
    static final String STOP = "stop";
    static final String LENGTH = "length";
    static final String CONTENT_FILTER = "content_filter";
    static final String TOOL_CALLS = "tool_calls";

    private static final Set<String> FILTERED =
            Set.of(
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
            Set.of(
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

    /** Parts of words that no whole answer ends with, whoever made the word up. */
    private static final List<String> DOUBTFUL =
            List.of(
                    "limit",
                    "length",
                    "max_",
                    "too_many",
                    "malformed",
                    "invalid",
                    "cancel",
                    "abort",
                    "interrupt",
                    "timeout",
                    "timed_out",
                    "not_finish",
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
                    "window_exceeded",
                    "pause_turn");

    private FinishReason() {}

    /** The word, or one that says that the answer may be cut where it is no text at all. */
    static String said(JsonNode choice) {
        var reason = choice.path("finish_reason");
        return reason.isString() || reason.isNull() || reason.isMissingNode()
                ? reason.asString("")
                : LENGTH;
    }

    /** Whether {@code said} is a reason at all: some providers write that there is none yet. */
    static boolean isOne(String said) {
        return switch (normal(said)) {
            case "", "null", "none", "unspecified", "finish_reason_unspecified" -> false;
            default -> true;
        };
    }

    /**
     * The word for the client.
     *
     * @param said the provider's word, empty if it ended the answer without one
     * @param calls whether the answer has tool calls
     * @throws ModelFailure if the word says that the provider failed
     */
    static String of(String said, boolean calls) {
        var word = normal(said);
        if (FAILED.contains(word)) {
            throw ModelFailure.brokenOff();
        }
        if (FILTERED.contains(word)) {
            return CONTENT_FILTER;
        }
        if (DOUBTFUL.stream().anyMatch(word::contains)) {
            return LENGTH;
        }
        return calls ? TOOL_CALLS : STOP;
    }

    /** {@code FinishReason.MAX_TOKENS}, {@code max-tokens} and {@code max_tokens} are one word. */
    private static String normal(String said) {
        var word = said.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        return word.substring(word.lastIndexOf('.') + 1);
    }
}
