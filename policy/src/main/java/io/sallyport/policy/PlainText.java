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
        int at = 0;
        for (int count = 0; at < text.length() && count < EXCERPT_LENGTH; count++) {
            int codePoint = text.codePointAt(at);
            shown.appendCodePoint(isVisibleAt(text, at) ? codePoint : '?');
            at += Character.charCount(codePoint);
        }
        return shown.append(at < text.length() ? "…'" : "'").toString();
    }

    private static boolean isVisibleAt(String text, int at) {
        return !VisibleText.isControl(text.codePointAt(at)) && !VisibleText.isHidden(text, at);
    }
}
