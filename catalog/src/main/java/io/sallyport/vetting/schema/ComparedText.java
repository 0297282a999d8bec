package io.sallyport.vetting.schema;

import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A value as text that is equal for two values exactly if JSON Schema calls them equal (2020-12
 * core, 4.2.2): the order of members and the spelling of numbers make no difference. Charged to the
 * running validation.
 */
final class ComparedText {
    /** A node is visited, its text kept and looked up: some 300 ns. */
    private static final long PER_NODE = 30;

    private final StringBuilder text = new StringBuilder();

    private ComparedText() {}

    static String of(JsonNode node) {
        var compared = new ComparedText();
        compared.append(node);
        return compared.text.toString();
    }

    private void append(JsonNode node) {
        Effort.charge(PER_NODE);
        switch (node.getNodeType()) {
            case OBJECT -> appendMembers(node);
            case ARRAY -> appendItems(node);
            case STRING -> appendString(node.stringValue());
            case NUMBER -> appendNumber(node);
            case BOOLEAN, NULL, BINARY, MISSING, POJO -> text.append(node.asString("null"));
        }
    }

    private void appendMembers(JsonNode node) {
        var members = new TreeMap<String, JsonNode>();
        node.properties().forEach(it -> members.put(it.getKey(), it.getValue()));
        text.append('{');
        members.forEach((name, value) -> {
            appendString(name);
            append(value);
        });
        text.append('}');
    }

    private void appendItems(JsonNode node) {
        text.append('[');
        node.forEach(item -> {
            append(item);
            text.append(',');
        });
        text.append(']');
    }

    /** With its length in front no escapes are needed. If many collide, compared sixteen times. */
    private void appendString(String string) {
        Effort.charge(string);
        text.append('"').append(string.length()).append(':').append(string);
    }

    private void appendNumber(JsonNode node) {
        Effort.charge(KeywordCost.ofNumber(node));
        var number = node.decimalValue().stripTrailingZeros();
        text.append(number.unscaledValue()).append('e').append(-number.scale());
    }
}
