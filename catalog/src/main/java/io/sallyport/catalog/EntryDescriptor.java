package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One resource, resource template or prompt as its server listed it.
 *
 * @param key the URI, the URI template or the name
 * @param digest as {@link Descriptor#digest()}; entries of different kinds never share one
 */
public record EntryDescriptor(
        ServerSlug server, EntryKind kind, String key, String digest, JsonNode tree)
        implements Descriptor {
    /** Digests {@code tree}. An entry without a key gets the empty one. */
    public static EntryDescriptor of(ServerIdentity identity, EntryKind kind, JsonNode tree) {
        var key = tree.path(kind.keyMember()).stringValue("");
        var pinned = JsonNodeFactory.instance.objectNode().put("kind", kind.code());
        var digest = Descriptor.digest(pinned, identity, tree);
        return new EntryDescriptor(
                identity.slug(), kind, key, digest, Descriptor.kept(kind.keyMember(), tree));
    }

    /** One without a name that is a text has its key for one: clients cannot do without. */
    @Override
    public JsonNode offered() {
        var shape =
                switch (kind) {
                    case RESOURCE, TEMPLATE -> OfferedShape.CONTENT;
                    case PROMPT -> OfferedShape.PROMPT;
                };
        var offered = shape.of(tree).orElse(tree);
        if (offered instanceof ObjectNode object && !object.has("name")) {
            object.put("name", key);
        }
        return offered;
    }

    @Override
    public EntryRef ref() {
        return new EntryRef(server, kind, key);
    }
}
