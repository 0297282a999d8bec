package io.sallyport.policy;

/** Text that shows all of what it is: no control, invisible, bidi or unassigned characters. */
final class PlainText {
    private static final int EXCERPT_LENGTH = 40;

    private PlainText() {}

    /** Tells whether {@code text} is not empty, all visible and without white space at its ends. */
    static boolean isPlain(String text) {
        return !text.isEmpty() && text.strip().equals(text) && isVisible(text);
    }

    /** Tells whether every character of {@code text} can be seen, or is a space. */
    static boolean isVisible(String text) {
        return text.codePoints().noneMatch(VisibleText::isControl)
                && VisibleText.firstHidden(text).isEmpty();
    }

    /** Returns the start of {@code text} in quotes, what is not visible replaced by {@code ?}. */
    static String excerpt(String text) {
        var shown = new StringBuilder("'");
        text.codePoints()
                .limit(EXCERPT_LENGTH)
                .map(c -> isVisible(Character.toString(c)) ? c : '?')
                .forEach(shown::appendCodePoint);
        var cut = text.codePointCount(0, text.length()) > EXCERPT_LENGTH;
        return shown.append(cut ? "…'" : "'").toString();
    }
}
