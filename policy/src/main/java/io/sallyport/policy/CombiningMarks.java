package io.sallyport.policy;

import java.lang.Character.UnicodeScript;

/**
 * Tells marks that a writing system puts on its letters from others. A mark is drawn over what
 * stands before it: one without a letter changes the look of a quote or of a digit, and a pile of
 * them covers the lines around it.
 */
final class CombiningMarks {
    /** Above, below and through one letter; vowels, tones and points of a script need as many. */
    private static final int MOST_STACKED = 4;

    /** With those that take room of their own, as vowels of Myanmar do. */
    private static final int MOST = 8;

    private CombiningMarks() {}

    static boolean isMark(int codePoint) {
        return isStacked(codePoint)
                || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isStacked(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    /** Whether the mark at {@code at} and those before it are few, on a letter of its script. */
    static boolean belongToLetter(String text, int at) {
        int mark = text.codePointAt(at);
        int stacked = isStacked(mark) ? 1 : 0;
        int end = at;
        for (int marks = 1; marks <= MOST && end > 0; marks++) {
            int before = text.codePointBefore(end);
            if (!isMark(before)) {
                return stacked <= MOST_STACKED && isLetterFor(mark, before);
            }
            stacked += isStacked(before) ? 1 : 0;
            end -= Character.charCount(before);
        }
        return false;
    }

    private static boolean isLetterFor(int mark, int base) {
        return Character.isLetter(base)
                && switch (UnicodeScript.of(mark)) {
                    case INHERITED, COMMON -> true;
                    case UnicodeScript script -> script == UnicodeScript.of(base);
                };
    }
}
