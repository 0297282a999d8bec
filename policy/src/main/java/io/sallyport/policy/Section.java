package io.sallyport.policy;

import io.sallyport.policy.yaml.Position;
import io.sallyport.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A mapping of the document, read member by member; what does not fit becomes a finding. */
record Section(YamlNode.Members members, Findings findings) {
    /** Returns {@code node} as a section, or empty, with a finding, if it is no mapping. */
    static Optional<Section> of(YamlNode node, String what, Findings findings) {
        if (node instanceof YamlNode.Members members) {
            return Optional.of(new Section(members, findings));
        }
        findings.error("wrong_type", what + " must be a mapping", node.at());
        return Optional.empty();
    }

    Position at() {
        return members.at();
    }

    /** Refuses every member that is in neither set; those of {@code later} with their own code. */
    void acceptOnly(Set<String> known, Set<String> later) {
        for (var member : members.list()) {
            var key = member.key();
            var name = PlainText.excerpt(key.value());
            if (later.contains(key.value())) {
                findings.error("unsupported_key", name + " is not supported yet", key.at());
            } else if (!known.contains(key.value())) {
                findings.error("unknown_member", name + " is not a member here", key.at());
            }
        }
    }

    Optional<YamlNode> find(String name) {
        return members.find(name);
    }

    /** Returns the member, or empty with a finding if it is missing. */
    Optional<YamlNode> require(String name) {
        var found = find(name);
        if (found.isEmpty()) {
            findings.error("missing_member", "'" + name + "' is missing", at());
        }
        return found;
    }

    /** Returns {@code node} as a string, or empty with a finding. */
    Optional<YamlNode.Text> text(YamlNode node, String what) {
        if (node instanceof YamlNode.Text text) {
            return Optional.of(text);
        }
        findings.error("wrong_type", what + " must be a string", node.at());
        return Optional.empty();
    }

    /** Returns {@code node} as a list, or empty with a finding. */
    Optional<YamlNode.Items> items(YamlNode node, String what) {
        if (node instanceof YamlNode.Items items) {
            return Optional.of(items);
        }
        findings.error("wrong_type", what + " must be a list", node.at());
        return Optional.empty();
    }

    /**
     * Returns the strings of the list {@code name}; none, with a finding, if it is empty or no
     * list. An empty list is refused because it could be read as "nobody" and as "anyone".
     */
    List<YamlNode.Text> strings(YamlNode node, String name) {
        var items = items(node, "'" + name + "'").map(YamlNode.Items::nodes);
        if (items.isPresent() && items.get().isEmpty()) {
            findings.error("empty_list", "'" + name + "' must not be empty", node.at());
        }
        List<YamlNode.Text> strings = new ArrayList<>();
        for (var item : items.orElse(List.of())) {
            text(item, "an entry of '" + name + "'").ifPresent(strings::add);
        }
        remarkRepeated(strings);
        return strings;
    }

    private void remarkRepeated(List<YamlNode.Text> strings) {
        var seen = new HashSet<String>();
        for (var string : strings) {
            if (!seen.add(string.value())) {
                findings.remark("repeated_entry", "this entry was given before", string.at());
            }
        }
    }
}
