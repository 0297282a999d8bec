package io.sallyport.catalog;

/** Builds JSON pointers (RFC 6901). */
public final class JsonPointers {
    private JsonPointers() {}

    public static String append(String pointer, String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    public static String append(String pointer, int index) {
        return pointer + "/" + index;
    }
}
