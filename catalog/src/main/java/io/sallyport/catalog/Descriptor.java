package io.sallyport.catalog;

import io.sallyport.json.Sha256;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One item of a server's lists, as the server listed it. */
public sealed interface Descriptor permits ToolDescriptor, EntryDescriptor {
    /**
     * Bytes of compact JSON of one item; the largest published schema has 76 KB. A larger item is
     * rejected, and nothing in it is read.
     */
    int MAX_BYTES = 256 * 1024;

    /** Characters of the name of an item that is too large. */
    int MAX_KEPT_NAME = 200;

    /** The rule by which such an item is rejected. */
    String TOO_LARGE = "descriptor_too_large";

    /** The member that says so in its place. */
    String NOT_SHOWN = "not_shown";

    /** Whether a name has characters that no name has: line ends, NUL. */
    static boolean holdsControl(String name) {
        return name.chars().anyMatch(Character::isISOControl);
    }

    /** Whether a listed item is larger than any may be. */
    static boolean isTooLarge(JsonNode tree) {
        return JsonText.write(tree).length > MAX_BYTES;
    }

    /**
     * What is kept of a listed item: all of it, or of one that is too large its name, the beginning
     * of it, and its size, so that nobody's list decides how much is held.
     *
     * @param named the member that names the item
     */
    static JsonNode kept(String named, JsonNode tree) {
        int bytes = JsonText.write(tree).length;
        return bytes > MAX_BYTES
                ? notShown(named, tree.path(named).stringValue("")).put("bytes", bytes)
                : tree;
    }

    /** What stands in place of an item that is too large. */
    static ObjectNode notShown(String named, String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(named, ShortText.cut(name, MAX_KEPT_NAME))
                .put(NOT_SHOWN, TOO_LARGE);
    }

    /** Whether {@code tree} stands in place of an item that is too large. */
    static boolean isNotShown(JsonNode tree) {
        return tree.path(NOT_SHOWN).stringValue("").equals(TOO_LARGE);
    }

    /** What the item is known by; two items of one list with one reference are a mistake. */
    Record ref();

    /**
     * {@code sha256:} and hex over the whole descriptor and the server's identity; key order and
     * white space do not change it, anything else does.
     */
    String digest();

    /** The descriptor, verbatim, or what is kept of it; shared, never to be modified. */
    JsonNode tree();

    /**
     * The descriptor as clients get it: as listed, without what is null and means nothing, and
     * without members that are not what MCP says, for which strict clients refuse the whole list.
     */
    JsonNode offered();

    /** Digest of what is pinned: the server, the descriptor, and what {@code pinned} holds. */
    static String digest(ObjectNode pinned, ServerIdentity identity, JsonNode tree) {
        var server =
                pinned.putObject("server")
                        .put("slug", identity.slug().value())
                        .put("credential", identity.credential());
        switch (identity.transport()) {
            case Transport.StreamableHttp(var url) -> server.put("url", url);
            case Transport.Stdio(var profile) -> server.put("profile", profile);
        }
        if (!identity.launch().isEmpty()) {
            server.put("launch", identity.launch());
        }
        pinned.set("descriptor", tree);
        return Sha256.of(CanonicalJson.write(pinned));
    }
}
