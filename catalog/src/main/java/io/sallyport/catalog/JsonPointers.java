package io.sallyport.catalog;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JsonPointer;

/** Builds and reads JSON pointers (RFC 6901). */
public final class JsonPointers {
    /** Names of members are a stranger's and may be as long as the descriptor. */
    private static final int MAX_KEPT = 500;

    private JsonPointers() {}

    public static String append(String pointer, String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    /** The pointer that a URI fragment spells (section 6); empty if it spells none. */
    public static Optional<JsonPointer> ofFragment(String fragment) {
        try {
            var text = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
            return Optional.of(JsonPointer.compile(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@code pointer}, cut to what is kept of it. */
    static String kept(String pointer) {
        return ShortText.cut(pointer, MAX_KEPT);
    }

    /** Whether not all of {@code pointer} is kept. */
    public static boolean isCut(String pointer) {
        return pointer.length() > MAX_KEPT;
    }

    public static String append(String pointer, int index) {
        return pointer + "/" + index;
    }
}
