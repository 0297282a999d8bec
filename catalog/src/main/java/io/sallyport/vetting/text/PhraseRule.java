package io.sallyport.vetting.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A phrase with which descriptors have tried to steer models, written for folded text. Every
 * repetition is bounded, so that the search is linear in the text.
 */
record PhraseRule(String id, Pattern pattern) {
    /**
     * What follows the colon of a member in a sample of code: one word, one quoted word or an
     * opening bracket, and the end of the line. Whoever says something says more.
     */
    private static final String MEMBER_OF_A_SAMPLE =
            """
            [\\x20\\t]{0,8}
            ( ["'`]? [\\w./:@<>|?-]{1,80} (\\[\\])? ["'`]? | [{\\[(] )
            [\\x20\\t]{0,3} [,;}\\])]{0,3} [\\x20\\t]{0,3} \\r? ( \\n | $ )
            """;

    static final List<PhraseRule> ALL =
            List.of(
                    of(
                            "model_instruction",
                            """
                            < \\s{0,3} /? \\s{0,3}
                            (important|system|instructions?|secret|hidden|assistant)
                            \\s{0,3} /? >
                            """),
                    of(
                            "model_instruction",
                            """
                            \\b(ignore|disregard|forget|override|bypass) \\s (\\w{1,20}\\s){0,3}
                            (previous|prior|above|earlier|existing|other) \\s (\\w{1,20}\\s)?
                            (instructions?|rules?|prompts?|messages?|polic(y|ies)|tools?)
                            """),
                    of(
                            "model_instruction",
                            """
                            \\b when(ever)? \\b .{0,60} \\b(is|are) \\s
                            (available|used|called|invoked)\\b .{0,40} \\b always \\b
                            """),
                    of(
                            "model_instruction",
                            """
                            \\b( now\\scall | call\\s\\S{1,64}\\snext )\\b
                            """),
                    of(
                            "model_instruction",
                            """
                            \\b(must|should|always) \\s (always\\s)? be \\s
                            (called|invoked|used|run|executed) \\s (\\w{1,20}\\s)? (first|before)\\b
                            """),
                    of(
                            "model_instruction",
                            """
                            \\b before \\s (using|calling|invoking|every|any)\\b .{0,20}
                            \\b(tools?|other)\\b
                            """),
                    of(
                            "tool_preference",
                            """
                            \\b(always|must) \\s (prefer|choose|pick|select)\\b
                            | \\b(only|best) \\s (and\\sonly\\s)? (safe|trusted|approved)\\b
                            """),
                    of(
                            "hides_from_user",
                            """
                            \\b(do\\snot|don't|never|must\\snot|without) \\s
                            (tell|mention|inform|reveal|disclose|notify|show|alert)(ing)?\\b
                            .{0,60} \\b(users?|humans?|anyone|instructions?)\\b
                            """),
                    of(
                            "poses_as_message",
                            """
                            (^|\\n) [\\s\\#>*\\[(]{0,20} (system|assistant|developer|model)
                            \\s{0,3} [\\])]? \\s{0,3} :
                            (?!\
                            """
                                    + MEMBER_OF_A_SAMPLE
                                    + ")"),
                    of(
                            "poses_as_message",
                            """
                            <\\|[a-z_]{1,32}\\|> | \\[/?inst\\] | <</?sys>>
                            """),
                    of(
                            "secret_requested",
                            """
                            id_rsa | [~/]/?\\.ssh/ | dot_?env | (^|[\\s/"'`(])\\.env\\b
                            | /etc/(passwd|shadow) | \\.aws/credentials | private[\\s_]key
                            | seed[\\s_]phrase | system[\\s_]prompt
                            | (chat|conversation|message)[\\s_]history
                            | (full|entire|whole)[\\s_]conversation
                            """),
                    of(
                            "link_carries_text",
                            """
                            !\\[ [^\\]]{0,100} \\]\\( \\s{0,3} https?://
                            """),
                    of(
                            "blank_padding",
                            """
                            \\s{40}
                            """));

    private static PhraseRule of(String id, String pattern) {
        return new PhraseRule(id, Pattern.compile(pattern, Pattern.COMMENTS));
    }
}
