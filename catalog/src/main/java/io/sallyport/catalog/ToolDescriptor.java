package io.sallyport.catalog;

import io.sallyport.policy.ToolRef;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * One tool as its server listed it.
 *
 * @param alias the name that models and clients see
 * @param digest {@code sha256:} and hex over the whole descriptor and the server's identity; key
 *     order and white space do not change it, anything else does
 * @param tree the descriptor, verbatim, or what is kept of one that is too large; shared, never to
 *     be modified
 */
public record ToolDescriptor(ToolRef ref, String alias, String digest, JsonNode tree)
        implements Descriptor {

    /** Names and digests {@code tree}. A descriptor without a name gets the empty one. */
    public static ToolDescriptor of(ServerIdentity identity, ToolNaming naming, JsonNode tree) {
        var ref = new ToolRef(identity.slug(), tree.path("name").stringValue(""));
        var alias = naming.alias(ref.server(), ref.tool());
        return new ToolDescriptor(
                ref, alias, digest(identity, tree), Descriptor.kept("name", tree));
    }

    /** The JSON Schema of the arguments; a missing node if the descriptor has none. */
    public JsonNode inputSchema() {
        return tree.path("inputSchema");
    }

    /** The JSON Schema of structured results; a missing node if the descriptor has none. */
    public JsonNode outputSchema() {
        var schema = tree.path("outputSchema");
        return schema.isNull() ? MissingNode.getInstance() : schema;
    }

    @Override
    public JsonNode offered() {
        return OfferedShape.TOOL.of(tree).orElse(tree);
    }

    private static String digest(ServerIdentity identity, JsonNode tree) {
        return Descriptor.digest(JsonNodeFactory.instance.objectNode(), identity, tree);
    }
}
