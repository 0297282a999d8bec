package io.sallyport.catalog.vetting;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.ShortText;
import java.util.Optional;
import java.util.Set;

/**
 * Finds characters that a model reads and a reviewer does not see: invisible ones, those that turn
 * the direction of text, and control characters, with which ANSI sequences begin. Joiners and
 * variation selectors inside emoji are what they seem and pass.
 */
final class HiddenCharacters {
    /** Blank although no format characters: Hangul fillers, Khmer vowels, the Braille blank. */
    private static final Set<Integer> BLANKS =
            Set.of(0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0);

    private static final int JOINER = 0x200d;
    private static final int LAST_EMOJI_SELECTOR = 0xfe0f;

    private HiddenCharacters() {}

    /** Returns the first hidden character of {@code text}, if there is one. */
    static Optional<Finding> find(DescriptorText text) {
        var value = text.text();
        int at = 0;
        while (at < value.length()) {
            int codePoint = value.codePointAt(at);
            if (codePoint < 0x20 || codePoint >= 0x7f) {
                var rule = ruleAgainst(codePoint, value, at);
                if (rule.isPresent()) {
                    return Optional.of(finding(rule.get(), text, at));
                }
            }
            at += Character.charCount(codePoint);
        }
        return Optional.empty();
    }

    private static Finding finding(String rule, DescriptorText text, int at) {
        var excerpt = ShortText.excerpt(text.text(), at);
        return new Finding(rule, Severity.BLOCK, text.pointer(), excerpt);
    }

    private static Optional<String> ruleAgainst(int codePoint, String text, int at) {
        if (isControl(codePoint)) {
            return Optional.of("control_character");
        }
        if (turnsDirection(codePoint)) {
            return Optional.of("bidi_character");
        }
        boolean hidden = isInvisible(codePoint) && !isPartOfEmoji(codePoint, text, at);
        return hidden ? Optional.of("invisible_character") : Optional.empty();
    }

    private static boolean isControl(int codePoint) {
        return Character.isISOControl(codePoint)
                && codePoint != '\n'
                && codePoint != '\t'
                && codePoint != '\r';
    }

    private static boolean turnsDirection(int codePoint) {
        return codePoint == 0x061c
                || codePoint == 0x200e
                || codePoint == 0x200f
                || codePoint >= 0x202a && codePoint <= 0x202e
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> isVariationSelector(codePoint) || BLANKS.contains(codePoint);
        };
    }

    private static boolean isVariationSelector(int codePoint) {
        return codePoint >= 0x180b && codePoint <= 0x180f
                || codePoint >= 0xfe00 && codePoint <= LAST_EMOJI_SELECTOR
                || codePoint >= 0xe0100 && codePoint <= 0xe01ef;
    }

    /** One selector or joiner after a visible symbol; a row of them carries hidden bytes. */
    private static boolean isPartOfEmoji(int codePoint, String text, int at) {
        boolean emojiMark = codePoint == JOINER || codePoint == 0xfe0e || codePoint == 0xfe0f;
        if (!emojiMark || at == 0) {
            return false;
        }
        int before = text.codePointBefore(at);
        boolean afterSelector = codePoint == JOINER && before == LAST_EMOJI_SELECTOR;
        return afterSelector || isSymbol(before);
    }

    private static boolean isSymbol(int codePoint) {
        return Character.isEmoji(codePoint) || Character.isEmojiModifier(codePoint);
    }
}
