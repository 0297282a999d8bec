package io.sallyport.policy;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The one table of characters that a person who reviews text does not see, or sees elsewhere than
 * they stand: control characters, what turns the direction of a line, invisible and blank
 * characters, variation selectors, tags, and what has no agreed look (private use, unassigned).
 *
 * <p>Everything that a person decides by (arguments, differences, findings, names) is shown with
 * {@link #of}; descriptors and policies are searched with {@link #firstHidden}.
 */
public final class VisibleText {
    /** Blank although no format characters: Hangul fillers, Khmer vowels, the Braille blank. */
    private static final Set<Integer> BLANKS =
            Set.of(0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0);

    private static final int JOINER = 0x200d;
    private static final int TEXT_SELECTOR = 0xfe0e;
    private static final int EMOJI_SELECTOR = 0xfe0f;

    private VisibleText() {}

    /**
     * {@code text} with every such character written as JSON's <code>\\uXXXX</code>, two for one
     * beyond U+FFFF; JSON text keeps its meaning. Marks inside emoji are written so too.
     */
    public static String of(String text) {
        if (isPrintableAscii(text)) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> append(shown, codePoint));
        return shown.toString();
    }

    private static boolean isPrintableAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!isPrintableAscii(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintableAscii(int codePoint) {
        return codePoint >= 0x20 && codePoint < 0x7f;
    }

    private static void append(StringBuilder shown, int codePoint) {
        if (isShown(codePoint)) {
            shown.appendCodePoint(codePoint);
        } else {
            escape(shown, codePoint);
        }
    }

    private static void escape(StringBuilder shown, int codePoint) {
        for (char unit : Character.toChars(codePoint)) {
            shown.append(String.format("\\u%04x", (int) unit));
        }
    }

    private static boolean isShown(int codePoint) {
        return !isControl(codePoint) && !turnsDirection(codePoint) && !isInvisible(codePoint);
    }

    /**
     * Where the first hidden character of {@code text} is; line ends and tabs, and one joiner or
     * selector inside an emoji, are what they seem.
     */
    public static OptionalInt firstHidden(String text) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (!isPrintableAscii(text.charAt(at)) && isHidden(text, at)) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * {@code text} with the characters that {@link #firstHidden} finds written as by {@link #of},
     * and all others as they are: for long texts, whose line ends should stay.
     */
    public static String withoutHidden(String text) {
        if (firstHidden(text).isEmpty()) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (isHidden(text, at)) {
                escape(shown, text.codePointAt(at));
            } else {
                shown.appendCodePoint(text.codePointAt(at));
            }
        }
        return shown.toString();
    }

    /** How many characters of {@code text} are such. */
    public static int countHidden(String text) {
        int count = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (!isPrintableAscii(text.charAt(at)) && isHidden(text, at)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isHidden(String text, int at) {
        int codePoint = text.codePointAt(at);
        return isControl(codePoint) && !isLayout(codePoint)
                || turnsDirection(codePoint)
                || isInvisible(codePoint) && !isPartOfEmoji(codePoint, text, at);
    }

    private static boolean isLayout(int codePoint) {
        return codePoint == '\n' || codePoint == '\t' || codePoint == '\r';
    }

    public static boolean isControl(int codePoint) {
        return Character.isISOControl(codePoint);
    }

    /** Marks, embeddings, overrides and isolates of the bidirectional algorithm. */
    public static boolean turnsDirection(int codePoint) {
        return codePoint == 0x061c
                || codePoint == 0x200e
                || codePoint == 0x200f
                || codePoint >= 0x202a && codePoint <= 0x202e
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            default -> isVariationSelector(codePoint) || BLANKS.contains(codePoint);
        };
    }

    private static boolean isVariationSelector(int codePoint) {
        return codePoint >= 0x180b && codePoint <= 0x180f
                || codePoint >= 0xfe00 && codePoint <= EMOJI_SELECTOR
                || codePoint >= 0xe0100 && codePoint <= 0xe01ef;
    }

    /** One selector or joiner after a visible symbol; a row of them carries hidden bytes. */
    private static boolean isPartOfEmoji(int codePoint, String text, int at) {
        boolean emojiMark =
                codePoint == JOINER || codePoint == TEXT_SELECTOR || codePoint == EMOJI_SELECTOR;
        if (!emojiMark || at == 0) {
            return false;
        }
        int before = text.codePointBefore(at);
        boolean afterSelector = codePoint == JOINER && before == EMOJI_SELECTOR;
        return afterSelector || isSymbol(before);
    }

    private static boolean isSymbol(int codePoint) {
        return Character.isEmoji(codePoint) || Character.isEmojiModifier(codePoint);
    }
}
