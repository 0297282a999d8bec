package io.sallyport.catalog;

import java.util.Optional;

/**
 * A place in a JSON tree. It shares what is above it with its neighbours and is written as a
 * pointer only when somebody reads it: a pointer for each string of a deep tree with long names
 * would be the square of the tree (H3).
 *
 * @param within where the array or object is that holds it; empty for the whole tree
 * @param step name of the member, or index
 */
public record JsonPlace(Optional<JsonPlace> within, String step) {
    public static final JsonPlace ROOT = new JsonPlace(Optional.empty(), "");

    public JsonPlace member(String name) {
        return new JsonPlace(Optional.of(this), name);
    }

    public JsonPlace item(int index) {
        return new JsonPlace(Optional.of(this), Integer.toString(index));
    }

    /** The JSON pointer (RFC 6901), empty for the whole tree. */
    public String pointer() {
        return within.map(it -> JsonPointers.append(it.pointer(), step)).orElse("");
    }
}
