package io.sallyport.catalog;

import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a tree as compact UTF-8 with the string escapes of RFC 8785 section 3.2.2.2. Numbers keep
 * their text. It refuses what JSON cannot say (NaN, lone surrogates, nodes that hold Java objects)
 * with {@link IllegalArgumentException}: only our own code could have built such a tree.
 */
final class JsonWriter {
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final boolean sorted;
    private byte[] buffer = new byte[512];
    private int size;

    private JsonWriter(boolean sorted) {
        this.sorted = sorted;
    }

    /** Members in the order of the tree. */
    static byte[] inOrder(JsonNode node) {
        return new JsonWriter(false).value(node).bytes();
    }

    /** Members sorted by the UTF-16 code units of their names. */
    static byte[] sorted(JsonNode node) {
        return new JsonWriter(true).value(node).bytes();
    }

    private byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    private JsonWriter value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object((ObjectNode) node);
            case ARRAY -> array(node);
            case STRING -> string(node.stringValue());
            case NUMBER -> number((NumericNode) node);
            case BOOLEAN -> ascii(node.booleanValue() ? "true" : "false");
            case NULL -> ascii("null");
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not a JSON value");
        }
        return this;
    }

    private void object(ObjectNode object) {
        put('{');
        boolean first = true;
        if (sorted) {
            for (var name : sortedNames(object)) {
                first = member(name, object.get(name), first);
            }
        } else {
            for (var member : object.properties()) {
                first = member(member.getKey(), member.getValue(), first);
            }
        }
        put('}');
    }

    private static String[] sortedNames(ObjectNode object) {
        var names = object.propertyNames().toArray(new String[0]);
        Arrays.sort(names); // String's own order is that of UTF-16 code units
        return names;
    }

    private boolean member(String name, JsonNode value, boolean first) {
        if (!first) {
            put(',');
        }
        string(name);
        put(':');
        value(value);
        return false;
    }

    private void array(JsonNode array) {
        put('[');
        for (int at = 0; at < array.size(); at++) {
            if (at > 0) {
                put(',');
            }
            value(array.get(at));
        }
        put(']');
    }

    private void number(NumericNode number) {
        if (number.isNaN()) { // Jackson's isNaN covers the infinities too
            throw new IllegalArgumentException("not a JSON value");
        }
        ascii(number instanceof TextNumber kept ? kept.text() : number.asString());
    }

    private void string(String text) {
        reserve(text.length() + 2);
        buffer[size++] = '"';
        int at = plainPrefix(text);
        while (at < text.length()) {
            at = character(text, at);
        }
        put('"');
    }

    /** Copies the leading characters that are themselves in JSON; most strings are nothing else. */
    private int plainPrefix(String text) {
        int at = 0;
        while (at < text.length()) {
            char unit = text.charAt(at);
            if (unit < 0x20 || unit > 0x7f || unit == '"' || unit == '\\') {
                break;
            }
            buffer[size++] = (byte) unit;
            at++;
        }
        return at;
    }

    private int character(String text, int at) {
        char unit = text.charAt(at);
        if (unit < 0x20 || unit == '"' || unit == '\\') {
            escaped(unit);
        } else if (unit < 0x80) {
            put(unit);
        } else if (Character.isSurrogate(unit)) {
            supplementary(text.codePointAt(at));
            return at + 2;
        } else if (unit < 0x800) {
            put(0xc0 | unit >> 6);
            put(0x80 | unit & 0x3f);
        } else {
            put(0xe0 | unit >> 12);
            put(0x80 | unit >> 6 & 0x3f);
            put(0x80 | unit & 0x3f);
        }
        return at + 1;
    }

    private void supplementary(int codePoint) {
        if (codePoint <= Character.MAX_VALUE) {
            throw new IllegalArgumentException("lone surrogate");
        }
        put(0xf0 | codePoint >> 18);
        put(0x80 | codePoint >> 12 & 0x3f);
        put(0x80 | codePoint >> 6 & 0x3f);
        put(0x80 | codePoint & 0x3f);
    }

    private void escaped(char unit) {
        put('\\');
        switch (unit) {
            case '"', '\\' -> put(unit);
            case '\b' -> put('b');
            case '\t' -> put('t');
            case '\n' -> put('n');
            case '\f' -> put('f');
            case '\r' -> put('r');
            default -> {
                ascii("u00");
                put(HEX[unit >> 4]);
                put(HEX[unit & 0xf]);
            }
        }
    }

    private void ascii(String text) {
        reserve(text.length());
        for (int at = 0; at < text.length(); at++) {
            buffer[size++] = (byte) text.charAt(at);
        }
    }

    private void put(int octet) {
        reserve(1);
        buffer[size++] = (byte) octet;
    }

    private void reserve(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
