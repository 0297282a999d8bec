package io.sallyport.catalog;

/** Builds JSON pointers (RFC 6901). */
public final class JsonPointers {
    /** Names of members are a stranger's and may be as long as the descriptor. */
    private static final int MAX_KEPT = 500;

    private JsonPointers() {}

    public static String append(String pointer, String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    /** {@code pointer}, cut to what is kept of it. */
    static String kept(String pointer) {
        return ShortText.cut(pointer, MAX_KEPT);
    }

    /** Whether not all of {@code pointer} is kept. */
    static boolean isCut(String pointer) {
        return pointer.length() > MAX_KEPT;
    }

    public static String append(String pointer, int index) {
        return pointer + "/" + index;
    }
}
