package io.sallyport.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Members that arrive in pieces: texts grow in linear time, others are replaced. */
final class TextJoiner {
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, JsonNode> others = new LinkedHashMap<>();

    void append(String name, JsonNode piece) {
        if (piece.isNull()) {
            return;
        }
        if (piece.isString()) {
            texts.computeIfAbsent(name, _ -> new StringBuilder()).append(piece.stringValue());
        } else {
            others.put(name, piece);
        }
    }

    boolean isText(String name, String text) {
        var known = texts.get(name);
        return known != null && text.contentEquals(known);
    }

    boolean hasText(String name) {
        var text = texts.get(name);
        return text != null && !text.isEmpty();
    }

    void writeTo(ObjectNode target) {
        others.forEach(target::set);
        texts.forEach((name, text) -> target.put(name, text.toString()));
    }
}
