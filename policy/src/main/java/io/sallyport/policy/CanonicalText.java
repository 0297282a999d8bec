package io.sallyport.policy;

import io.sallyport.json.JsonBuffer;
import io.sallyport.json.JsonBuffer.LoneSurrogate;
import io.sallyport.json.Sha256;
import io.sallyport.policy.yaml.YamlNode;
import java.util.Comparator;
import java.util.List;

/**
 * A document as JSON with one spelling: no white space, keys sorted, strings escaped as RFC 8785
 * (section 3.2.2.2) says. Comments, layout, quotes and the order of keys do not change it; the
 * order of a list does.
 */
final class CanonicalText {
    private final JsonBuffer text = new JsonBuffer(LoneSurrogate.ESCAPED);

    private CanonicalText() {}

    /** Digest of a document. */
    static String digest(YamlNode node) {
        return new CanonicalText().append(node).digest();
    }

    /** Digest of a list: no two different lists have the same text. */
    static String digest(List<String> fields) {
        var canonical = new CanonicalText();
        canonical.text.put('[');
        for (var field : fields) {
            canonical.separate();
            canonical.text.string(field);
        }
        canonical.text.put(']');
        return canonical.digest();
    }

    private String digest() {
        return Sha256.of(text.bytes());
    }

    private CanonicalText append(YamlNode node) {
        switch (node) {
            case YamlNode.Text string -> text.string(string.value());
            case YamlNode.Whole whole -> text.ascii(whole.digits());
            case YamlNode.Other other -> text.ascii(other.text());
            case YamlNode.Items items -> appendItems(items);
            case YamlNode.Members members -> appendMembers(members);
        }
        return this;
    }

    private void appendItems(YamlNode.Items items) {
        text.put('[');
        for (var node : items.nodes()) {
            separate();
            append(node);
        }
        text.put(']');
    }

    private void appendMembers(YamlNode.Members members) {
        text.put('{');
        members.list().stream()
                .sorted(Comparator.comparing(member -> member.key().value()))
                .forEach(this::appendMember);
        text.put('}');
    }

    private void appendMember(YamlNode.Member member) {
        separate();
        text.string(member.key().value()).put(':');
        append(member.value());
    }

    /** Writes the comma between two elements; called where an element of a list begins. */
    private void separate() {
        if (text.last() != '[' && text.last() != '{') {
            text.put(',');
        }
    }
}
