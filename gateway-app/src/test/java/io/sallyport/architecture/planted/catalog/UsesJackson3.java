package io.sallyport.architecture.planted.catalog;

import tools.jackson.databind.JsonNode;

/** Planted: this is allowed. */
final class UsesJackson3 {
    private UsesJackson3() {}

    static boolean isObject(JsonNode node) {
        return node.isObject();
    }
}
