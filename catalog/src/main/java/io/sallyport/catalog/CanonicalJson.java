package io.sallyport.catalog;

import tools.jackson.databind.JsonNode;

/**
 * The bytes that digests are taken over: members sorted by the UTF-16 code units of their names and
 * string escapes as in RFC 8785, but numbers as they were written, because {@code 1.10} and
 * 20-digit decimals must reach the other side unchanged.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** Throws {@link IllegalArgumentException} for a tree that JSON cannot express. */
    public static byte[] write(JsonNode node) {
        return JsonWriter.sorted(node);
    }
}
