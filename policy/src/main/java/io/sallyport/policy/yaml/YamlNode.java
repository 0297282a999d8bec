package io.sallyport.policy.yaml;

import java.util.List;
import java.util.Optional;

/** One node of a YAML document. There are no anchors, aliases or tags in it. */
public sealed interface YamlNode {
    /** Where the node starts. */
    Position at();

    /** A string, quoted or plain. */
    record Text(String value, Position at) implements YamlNode {}

    /** An integer as it was written; nothing says yet that it is decimal or small. */
    record Whole(String digits, Position at) implements YamlNode {}

    /** What no policy needs: null, a boolean, a fraction. */
    record Other(String text, Position at) implements YamlNode {}

    /** A sequence. */
    record Items(List<YamlNode> nodes, Position at) implements YamlNode {
        public Items {
            nodes = List.copyOf(nodes);
        }
    }

    /** A mapping; its keys are strings and differ from each other. */
    record Members(List<Member> list, Position at) implements YamlNode {
        public Members {
            list = List.copyOf(list);
        }

        /** Returns the value of {@code name}, or empty if there is no such member. */
        public Optional<YamlNode> find(String name) {
            return list.stream()
                    .filter(member -> member.key().value().equals(name))
                    .map(Member::value)
                    .findFirst();
        }
    }

    /** One key with its value. */
    record Member(Text key, YamlNode value) {}
}
