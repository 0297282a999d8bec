package io.sallyport.catalog;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * Writes a tree as it stands: member order and number text are kept, white space is not. Throws
 * {@link IllegalArgumentException} for a tree that JSON cannot express; {@link StrictJson} never
 * returns one.
 */
public final class JsonText {
    private JsonText() {}

    /** Compact UTF-8. */
    public static byte[] write(JsonNode node) {
        return JsonWriter.inOrder(node);
    }

    public static String text(JsonNode node) {
        return new String(write(node), StandardCharsets.UTF_8);
    }
}
