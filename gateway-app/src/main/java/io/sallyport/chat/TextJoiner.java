package io.sallyport.chat;

import io.sallyport.upstream.ModelFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Members that arrive in pieces: texts grow in linear time, lists are appended, others are
 * replaced.
 */
final class TextJoiner {
    /** A model thinks in tens of entries; each costs many times what it is written with. */
    private static final int MOST = 10_000;

    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, Entries> lists = new LinkedHashMap<>();
    private final Map<String, JsonNode> others = new LinkedHashMap<>();

    void append(String name, JsonNode piece) {
        if (piece.isNull()) {
            return;
        }
        if (piece.isString()) {
            texts.computeIfAbsent(name, _ -> new StringBuilder()).append(piece.stringValue());
        } else if (piece instanceof ArrayNode array) {
            lists.computeIfAbsent(name, _ -> new Entries()).append(array);
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
        lists.forEach((name, entries) -> entries.writeTo(target.putArray(name)));
        texts.forEach((name, text) -> target.put(name, text.toString()));
    }

    /**
     * A list that arrives in pieces. An entry with a known {@code index} goes on with that one; a
     * thought or a text without one goes on with the entry before it until that one is signed.
     */
    private static final class Entries {
        /** What is said of an entry, not by it: the last word holds. */
        private static final Set<String> LABELS = Set.of("type", "id", "format", "index", "role");

        private static final Set<String> FLOWING = Set.of("thinking", "reasoning.text", "text");

        private final List<Entry> entries = new ArrayList<>();
        private final Map<String, Entry> byIndex = new HashMap<>();

        /** An object in pieces, or a whole value of another kind. */
        private record Entry(JsonNode first, TextJoiner members) {
            String type() {
                return Members.text(first, "type");
            }

            /** Entries of several kinds may share an index. */
            boolean takes(ObjectNode piece) {
                var type = Members.text(piece, "type");
                return type.isEmpty() || type.equals(type());
            }

            void add(ObjectNode piece) {
                for (var member : piece.properties()) {
                    addMember(member.getKey(), member.getValue());
                }
            }

            private void addMember(String name, JsonNode value) {
                var repeated = value.isString() && members.isText(name, value.stringValue());
                if (LABELS.contains(name) || name.equals("signature") && repeated) {
                    members.texts.remove(name);
                }
                members.append(name, value);
            }

            JsonNode whole() {
                if (!first.isObject()) {
                    return first;
                }
                var whole = JsonNodeFactory.instance.objectNode();
                first.properties().forEach(it -> whole.set(it.getKey(), it.getValue()));
                members.writeTo(whole);
                return whole;
            }
        }

        void append(ArrayNode pieces) {
            for (var piece : pieces) {
                if (piece instanceof ObjectNode object) {
                    append(object);
                } else {
                    add(new Entry(piece, new TextJoiner()));
                }
            }
        }

        private void append(ObjectNode piece) {
            var index = piece.path("index").asString("");
            var known = Optional.ofNullable(byIndex.get(index));
            var entry = known.filter(it -> it.takes(piece)).orElseGet(() -> flowing(piece, index));
            if (!index.isEmpty()) {
                byIndex.put(index, entry);
            }
            entry.add(piece);
        }

        private Entry flowing(ObjectNode piece, String index) {
            if (index.isEmpty() && !entries.isEmpty() && goesOn(entries.getLast(), piece)) {
                return entries.getLast();
            }
            return add(new Entry(piece, new TextJoiner()));
        }

        private Entry add(Entry entry) {
            if (entries.size() == MOST) {
                throw ModelFailure.tooLarge();
            }
            entries.add(entry);
            return entry;
        }

        private static boolean goesOn(Entry last, ObjectNode piece) {
            var type = Members.text(piece, "type");
            return FLOWING.contains(type)
                    && type.equals(last.type())
                    && !last.first().has("index")
                    && !last.members().hasText("signature");
        }

        void writeTo(ArrayNode target) {
            entries.forEach(it -> target.add(it.whole()));
        }
    }
}
