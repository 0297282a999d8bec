package io.sallyport.vetting.text;

import io.sallyport.catalog.JsonPlace;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One string of a descriptor: a value, or the name of a member.
 *
 * @param place of the value or of the named member
 * @param isName whether the text is the member's name
 */
record DescriptorText(JsonPlace place, String text, boolean isName) {

    /** Shows every string of {@code tree}, names of members included, in its order. */
    static void each(JsonNode tree, Consumer<DescriptorText> reader) {
        each(JsonPlace.ROOT, tree, reader);
    }

    private static void each(JsonPlace place, JsonNode node, Consumer<DescriptorText> reader) {
        if (node.isString()) {
            reader.accept(new DescriptorText(place, node.stringValue(), false));
        }
        for (var member : node.properties()) {
            var at = place.member(member.getKey());
            reader.accept(new DescriptorText(at, member.getKey(), true));
            each(at, member.getValue(), reader);
        }
        if (node.isArray()) {
            for (int at = 0; at < node.size(); at++) {
                each(place.item(at), node.path(at), reader);
            }
        }
    }
}
