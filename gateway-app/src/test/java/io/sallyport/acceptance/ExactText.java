package io.sallyport.acceptance;

import io.sallyport.catalog.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as a text that two trees share only if they agree in everything but the order of members:
 * {@code 1.10} is not {@code 1.1} here.
 */
final class ExactText {
    private ExactText() {}

    static String of(JsonNode tree) {
        return new String(CanonicalJson.write(tree), StandardCharsets.UTF_8);
    }

    static String of(String json) {
        return of(Reply.parse(json));
    }

    /** Of a tree after a change; the tree itself stays as it is. */
    static String of(JsonNode tree, Consumer<ObjectNode> change) {
        var copy = (ObjectNode) tree.deepCopy();
        change.accept(copy);
        return of(copy);
    }
}
