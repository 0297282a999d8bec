package io.sallyport.servers;

import io.sallyport.catalog.VettedCatalog;
import java.nio.charset.StandardCharsets;

/**
 * Leaves out what no database can hold: a name like that is none, and must not keep the others from
 * being stored.
 */
final class Storable {
    /** MCP 2025-11-25, Tools: names should not be longer. */
    private static final int MAX_NAME = 128;

    /** Bytes of the longest URI; the index entry of a row must fit into a third of a page. */
    private static final int MAX_KEY = 2_048;

    private Storable() {}

    static VettedCatalog of(VettedCatalog vetted) {
        return new VettedCatalog(
                vetted.tools().stream().filter(it -> isName(it.descriptor().ref().tool())).toList(),
                vetted.entries().stream().filter(it -> isKey(it.descriptor().key())).toList());
    }

    private static boolean isName(String name) {
        return name.length() <= MAX_NAME && isText(name);
    }

    private static boolean isKey(String key) {
        return key.length() <= MAX_KEY
                && key.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY
                && isText(key);
    }

    private static boolean isText(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
