package io.sallyport.catalog;

import io.sallyport.json.JsonBuffer;
import io.sallyport.json.JsonBuffer.LoneSurrogate;
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
    private final boolean sorted;
    private final JsonBuffer text = new JsonBuffer(LoneSurrogate.REFUSED);

    private JsonWriter(boolean sorted) {
        this.sorted = sorted;
    }

    /** Members in the order of the tree. */
    static byte[] inOrder(JsonNode node) {
        return new JsonWriter(false).value(node).text.bytes();
    }

    /** Members sorted by the UTF-16 code units of their names. */
    static byte[] sorted(JsonNode node) {
        return new JsonWriter(true).value(node).text.bytes();
    }

    private JsonWriter value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object((ObjectNode) node);
            case ARRAY -> array(node);
            case STRING -> text.string(node.stringValue());
            case NUMBER -> number((NumericNode) node);
            case BOOLEAN -> text.ascii(node.booleanValue() ? "true" : "false");
            case NULL -> text.ascii("null");
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not a JSON value");
        }
        return this;
    }

    private void object(ObjectNode object) {
        text.put('{');
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
        text.put('}');
    }

    private static String[] sortedNames(ObjectNode object) {
        var names = object.propertyNames().toArray(new String[0]);
        Arrays.sort(names); // String's own order is that of UTF-16 code units
        return names;
    }

    private boolean member(String name, JsonNode value, boolean first) {
        if (!first) {
            text.put(',');
        }
        text.string(name);
        text.put(':');
        value(value);
        return false;
    }

    private void array(JsonNode array) {
        text.put('[');
        for (int at = 0; at < array.size(); at++) {
            if (at > 0) {
                text.put(',');
            }
            value(array.get(at));
        }
        text.put(']');
    }

    private void number(NumericNode number) {
        if (number.isNaN()) { // Jackson's isNaN covers the infinities too
            throw new IllegalArgumentException("not a JSON value");
        }
        text.ascii(number instanceof TextNumber kept ? kept.text() : number.asString());
    }
}
