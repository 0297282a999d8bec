package io.sallyport.policy;

import io.sallyport.policy.yaml.YamlNode;
import java.util.Comparator;

/**
 * A document as JSON with one spelling: no white space, keys sorted, strings escaped as RFC 8785
 * (section 3.2.2.2) says. Comments, layout, quotes and the order of keys do not change it; the
 * order of a list does.
 */
final class CanonicalText {
    private static final String ESCAPED = "\b\t\n\f\r\"\\";
    private static final String ESCAPES = "btnfr\"\\";

    private CanonicalText() {}

    static String of(YamlNode node) {
        var text = new StringBuilder();
        append(text, node);
        return text.toString();
    }

    private static void append(StringBuilder text, YamlNode node) {
        switch (node) {
            case YamlNode.Text string -> appendString(text, string.value());
            case YamlNode.Whole whole -> text.append(whole.digits());
            case YamlNode.Other other -> text.append(other.text());
            case YamlNode.Items items -> appendItems(text, items);
            case YamlNode.Members members -> appendMembers(text, members);
        }
    }

    private static void appendItems(StringBuilder text, YamlNode.Items items) {
        text.append('[');
        for (var node : items.nodes()) {
            appendSeparator(text);
            append(text, node);
        }
        text.append(']');
    }

    private static void appendMembers(StringBuilder text, YamlNode.Members members) {
        text.append('{');
        members.list().stream()
                .sorted(Comparator.comparing(member -> member.key().value()))
                .forEach(member -> appendMember(text, member));
        text.append('}');
    }

    private static void appendMember(StringBuilder text, YamlNode.Member member) {
        appendSeparator(text);
        appendString(text, member.key().value());
        text.append(':');
        append(text, member.value());
    }

    /** Writes the comma between two elements; called where an element of a list begins. */
    static void appendSeparator(StringBuilder text) {
        char last = text.charAt(text.length() - 1);
        if (last != '[' && last != '{') {
            text.append(',');
        }
    }

    static void appendString(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            appendCharacter(text, value, i);
        }
        text.append('"');
    }

    private static void appendCharacter(StringBuilder text, String value, int index) {
        char c = value.charAt(index);
        int escape = ESCAPED.indexOf(c);
        if (escape >= 0) {
            text.append('\\').append(ESCAPES.charAt(escape));
        } else if (c < ' ' || isLoneSurrogate(value, index)) {
            text.append(String.format("\\u%04x", (int) c));
        } else {
            text.append(c);
        }
    }

    /** UTF-8 has no lone surrogates; unescaped, they would all turn into the same byte. */
    private static boolean isLoneSurrogate(String value, int index) {
        char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == value.length()
                    || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return Character.isLowSurrogate(c)
                && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
    }
}
