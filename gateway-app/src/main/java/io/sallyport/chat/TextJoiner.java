package io.sallyport.chat;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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

    /** Of one that is empty, with its maps. */
    private static final int WEIGHT = 256;

    /** A text is looked at again with each piece: no longer than this. */
    private static final int SHORT = 64;

    private final AnswerPieces held;
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, Entries> lists = new LinkedHashMap<>();
    private final ObjectNode others = JsonNodeFactory.instance.objectNode();

    /**
     * @param held counts what is kept
     */
    TextJoiner(AnswerPieces held) {
        this.held = held;
        held.add(WEIGHT);
    }

    /**
     * @throws ModelFailure if there would be more than may be kept
     */
    void append(String name, JsonNode piece) {
        if (piece.isNull()) {
            return;
        }
        if (piece.isString()) {
            var text = piece.stringValue();
            held.add(JsonWeight.ofText(text.length()));
            texts.computeIfAbsent(name, this::newText).append(text);
        } else if (piece instanceof ArrayNode array) {
            lists.computeIfAbsent(name, this::newList).append(array);
        } else {
            Members.put(others, name, piece, held);
        }
    }

    private StringBuilder newText(String name) {
        count(name);
        return new StringBuilder();
    }

    private Entries newList(String name) {
        count(name);
        return new Entries(held);
    }

    private void count(String name) {
        Members.requireFewNames(texts.size() + lists.size());
        held.add(JsonWeight.ofMember(name));
    }

    void forgetText(String name) {
        var text = texts.remove(name);
        if (text != null) {
            held.add(-JsonWeight.ofMember(name) - JsonWeight.ofText(text.length()));
        }
    }

    boolean isEmpty() {
        return texts.isEmpty() && lists.isEmpty() && others.isEmpty();
    }

    boolean isText(String name, String text) {
        var known = texts.get(name);
        return known != null && text.contentEquals(known);
    }

    /** Whether the text is all of {@code pattern}; a long one is of none. */
    boolean isShort(String name, Pattern pattern) {
        var known = texts.get(name);
        return known != null && known.length() <= SHORT && pattern.matcher(known).matches();
    }

    boolean hasText(String name) {
        var text = texts.get(name);
        return text != null && !text.isEmpty();
    }

    void writeTo(ObjectNode target) {
        target.setAll(others);
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

        private final AnswerPieces held;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<String, Entry> byIndex = new HashMap<>();

        private Entries(AnswerPieces held) {
            this.held = held;
        }

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
                    members.forgetText(name);
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
                    add(piece);
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
            return add(piece);
        }

        private Entry add(JsonNode first) {
            if (entries.size() == MOST) {
                throw ModelFailure.tooLarge();
            }
            held.add(JsonWeight.ofTree(first));
            var entry = new Entry(first, new TextJoiner(held));
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
