package io.sallyport.bridge;

import tools.jackson.databind.JsonNode;

/**
 * What a JSON text takes in memory while it is worked on, from one look at its bytes: a tree of
 * many small nodes is forty times as large as its text.
 */
public final class JsonWeight {
    /** As it came, as text in the tree, and as it goes out. */
    private static final int COPIES = 3;

    // Measured on trees of one kind each, with compressed references: the dearest are 43 times as
    // large as their text ([[[[[]]]]]), a list of empty objects 31 times, of decimals 30 times.

    /** Node, map and table. */
    private static final int OBJECT = 120;

    /** Node and list. */
    private static final int ARRAY = 96;

    /** A member or an element, and its value if that is a text. */
    private static final int ENTRY = 72;

    /** What a number takes more that is no small integer. */
    private static final int DECIMAL = 64;

    private JsonWeight() {}

    /** Of a text of so many bytes, as long as nothing else is known. */
    public static long ofText(long bytes) {
        return bytes * COPIES;
    }

    /** Of a whole text and its tree. */
    public static long of(byte[] json) {
        return ofText(json.length) + ofNodes(json);
    }

    /** Of the tree beside the text. */
    public static long ofNodes(byte[] json) {
        long weight = 0;
        boolean text = false;
        for (int at = 0; at < json.length; at++) {
            var c = json[at];
            if (text) {
                at += c == '\\' ? 1 : 0;
                text = c != '"';
            } else if (c == '"') {
                text = true;
            } else {
                weight += ofMark(c);
            }
        }
        return weight;
    }

    /** Of a tree that is kept, the names and texts in it included. */
    public static long ofTree(JsonNode tree) {
        long weight =
                switch (tree.getNodeType()) {
                    case OBJECT -> OBJECT;
                    case ARRAY -> ARRAY;
                    case STRING -> tree.stringValue().length();
                    case NUMBER -> DECIMAL;
                    case BINARY, BOOLEAN, MISSING, NULL, POJO -> 0;
                };
        for (var member : tree.properties()) {
            weight += ENTRY + member.getKey().length() + ofTree(member.getValue());
        }
        if (tree.isArray()) {
            for (var element : tree) {
                weight += ENTRY + ofTree(element);
            }
        }
        return weight;
    }

    /** Of a place in an object or a map, without what stands there. */
    public static long ofMember(String name) {
        return 2L * ENTRY + name.length();
    }

    private static int ofMark(byte c) {
        return switch (c) {
            case '{' -> OBJECT;
            case '[' -> ARRAY;
            case ',', ':' -> ENTRY;
            case '.', 'e', 'E' -> DECIMAL;
            default -> 0;
        };
    }
}
