package io.sallyport.catalog.vetting;

import io.sallyport.catalog.JsonPointers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One string of a descriptor: a value, or the name of a member.
 *
 * @param pointer JSON pointer to the value or to the named member
 * @param isName whether the text is the member's name
 */
record DescriptorText(String pointer, String text, boolean isName) {

    /** Every string of {@code tree}, names of members included. */
    static List<DescriptorText> all(JsonNode tree) {
        var texts = new ArrayList<DescriptorText>();
        collect("", tree, texts);
        return texts;
    }

    private static void collect(String pointer, JsonNode node, List<DescriptorText> texts) {
        if (node.isString()) {
            texts.add(new DescriptorText(pointer, node.stringValue(), false));
        }
        for (var member : node.properties()) {
            var at = JsonPointers.append(pointer, member.getKey());
            texts.add(new DescriptorText(at, member.getKey(), true));
            collect(at, member.getValue(), texts);
        }
        if (node.isArray()) {
            for (int at = 0; at < node.size(); at++) {
                collect(JsonPointers.append(pointer, at), node.path(at), texts);
            }
        }
    }
}
