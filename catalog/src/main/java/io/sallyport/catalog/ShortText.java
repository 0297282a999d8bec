package io.sallyport.catalog;

/** Cuts and escapes text of strangers before people read it. */
public final class ShortText {
    /** What an excerpt shows at most; enough to recognise the place. */
    private static final int MAX_EXCERPT = 120;

    private ShortText() {}

    /** The first {@code max} characters, never half a surrogate pair, and an ellipsis if cut. */
    public static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end) + "…";
    }

    /**
     * What stands from {@code start} on, with a little before it, as printable ASCII; everything
     * else is written as <code>\\u{hex}</code>. At most 120 characters.
     */
    public static String excerpt(String text, int start) {
        var shown = new StringBuilder();
        int at = Math.max(0, Math.min(start, text.length()) - 20);
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            var next = printable(codePoint);
            if (shown.length() + next.length() > MAX_EXCERPT) {
                break;
            }
            shown.append(next);
            at += Character.charCount(codePoint);
        }
        return shown.toString();
    }

    private static String printable(int codePoint) {
        boolean plain = codePoint >= 0x20 && codePoint < 0x7f;
        return plain
                ? Character.toString(codePoint)
                : "\\u{" + Integer.toHexString(codePoint) + "}";
    }
}
