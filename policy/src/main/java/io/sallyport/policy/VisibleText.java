package io.sallyport.policy;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The one table of characters that a person who reviews text does not see, or sees elsewhere than
 * they stand: control characters, what turns the direction of a line, invisible and blank
 * characters, variation selectors, tags, what has no agreed look (private use, unassigned), and
 * combining marks that stand on nothing or are piled up.
 *
 * <p>Everything that a person decides by (arguments, differences, findings, names) is shown with
 * {@link #of}; descriptors and policies are searched with {@link #firstHidden}.
 */
public final class VisibleText {
    /**
     * Blank although no format characters: Hangul fillers, Khmer vowels, the Braille blank, the
     * Khitan filler, the blanks of hieroglyphs, the musical note without a head; and what only
     * joins letters of scripts that are out of use.
     */
    private static final Set<Integer> BLANKS =
            Set.of(
                    0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x2d7f, 0x3164, 0xffa0, 0x1107f,
                    0x113d0, 0x11a47, 0x11a99, 0x11f42, 0x13441, 0x13442, 0x16fe4, 0x1d159);

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
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            append(shown, text, at, isShown(text, at));
        }
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

    private static void append(StringBuilder shown, String text, int at, boolean asItIs) {
        if (asItIs) {
            shown.appendCodePoint(text.codePointAt(at));
        } else {
            escape(shown, text.codePointAt(at));
        }
    }

    private static void escape(StringBuilder shown, int codePoint) {
        for (char unit : Character.toChars(codePoint)) {
            shown.append(String.format("\\u%04x", (int) unit));
        }
    }

    private static boolean isShown(String text, int at) {
        int codePoint = text.codePointAt(at);
        return isPrintableAscii(codePoint)
                || !isControl(codePoint) && !turnsDirection(codePoint) && !isInvisible(text, at);
    }

    /**
     * Where the first hidden character of {@code text} is; line ends and tabs, and what an emoji is
     * put together by, are what they seem.
     */
    public static OptionalInt firstHidden(String text) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (isHidden(text, at)) {
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
            append(shown, text, at, !isHidden(text, at));
        }
        return shown.toString();
    }

    /** How many characters of {@code text} are such. */
    public static int countHidden(String text) {
        int count = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (isHidden(text, at)) {
                count++;
            }
        }
        return count;
    }

    /** Whether {@link #firstHidden} finds the character there. */
    static boolean isHidden(String text, int at) {
        return !isShown(text, at) && !isLayout(text.charAt(at)) && !EmojiSequence.isPart(text, at);
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

    private static boolean isInvisible(String text, int at) {
        int codePoint = text.codePointAt(at);
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            default ->
                    isVariationSelector(codePoint)
                            || BLANKS.contains(codePoint)
                            || CombiningMarks.isMark(codePoint)
                                    && !CombiningMarks.belongToLetter(text, at);
        };
    }

    private static boolean isVariationSelector(int codePoint) {
        return codePoint >= 0x180b && codePoint <= 0x180f
                || codePoint >= 0xfe00 && codePoint <= 0xfe0f
                || codePoint >= 0xe0100 && codePoint <= 0xe01ef;
    }
}
