package io.sallyport.policy;

/**
 * Knows the characters that have no look of their own and put an emoji together (UTS 51). Anywhere
 * else, and more of them than an emoji has, they carry hidden bytes.
 */
final class EmojiSequence {
    private static final int JOINER = 0x200d;
    private static final int TEXT_SELECTOR = 0xfe0e;
    private static final int EMOJI_SELECTOR = 0xfe0f;
    private static final int KEYCAP = 0x20e3;

    private EmojiSequence() {}

    /** Whether the character at {@code at} is one of them, and what it makes can be seen. */
    static boolean isPart(String text, int at) {
        return switch (text.codePointAt(at)) {
            case JOINER -> isPictograph(text, at + 1) && isPictographBefore(text, at);
            case TEXT_SELECTOR -> isEmojiBefore(text, at);
            case EMOJI_SELECTOR ->
                    isEmojiBefore(text, at) || isKeyBefore(text, at) && isKeycap(text, at + 1);
            case KEYCAP ->
                    isKeyBefore(text, at)
                            || before(text, at) == EMOJI_SELECTOR && isKeyBefore(text, at - 1);
            default -> false;
        };
    }

    private static boolean isPictograph(String text, int at) {
        return at < text.length() && Character.isExtendedPictographic(text.codePointAt(at));
    }

    /** With its colour of skin or its selector. */
    private static boolean isPictographBefore(String text, int at) {
        int before = before(text, at);
        return before == EMOJI_SELECTOR
                ? Character.isExtendedPictographic(before(text, at - 1))
                : Character.isExtendedPictographic(before) || Character.isEmojiModifier(before);
    }

    private static boolean isEmojiBefore(String text, int at) {
        return Character.isEmoji(before(text, at)) && !isKeyBefore(text, at);
    }

    /** Unicode calls these emoji; they are one only below a keycap. */
    private static boolean isKeyBefore(String text, int at) {
        int before = before(text, at);
        return before == '#' || before == '*' || before >= '0' && before <= '9';
    }

    private static boolean isKeycap(String text, int at) {
        return at < text.length() && text.charAt(at) == KEYCAP;
    }

    /** NUL where nothing stands. */
    private static int before(String text, int at) {
        return at > 0 ? text.codePointBefore(at) : 0;
    }
}
