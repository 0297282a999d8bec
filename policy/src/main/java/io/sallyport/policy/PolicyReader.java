package io.sallyport.policy;

import io.sallyport.policy.yaml.Position;
import io.sallyport.policy.yaml.YamlNode;
import io.sallyport.policy.yaml.YamlReader;
import io.sallyport.policy.yaml.YamlReading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a policy document: all of it, or nothing with every reason that was found. */
final class PolicyReader {
    /** Several thousand rules; a policy that a person can still review is far smaller. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Findings findings = new Findings();

    static PolicyReading read(String yaml) {
        return new PolicyReader().document(yaml);
    }

    static boolean tellsCallers(String yaml, String rule) {
        return !isTooLarge(yaml)
                && YamlReader.read(yaml) instanceof YamlReading.Document(YamlNode.Members root)
                && root.find("rules").orElse(root) instanceof YamlNode.Items(var rules, _)
                && rules.stream().anyMatch(it -> isText(it, "id", rule) && tellsCallers(it));
    }

    private static boolean tellsCallers(YamlNode rule) {
        return isText(rule, "explain", RuleReader.CALLER);
    }

    private static boolean isText(YamlNode rule, String name, String value) {
        return rule instanceof YamlNode.Members members
                && members.find(name).orElse(rule) instanceof YamlNode.Text text
                && text.value().equals(value);
    }

    private PolicyReading document(String yaml) {
        if (isTooLarge(yaml)) {
            findings.error("too_large", "a policy has at most 256 KiB", Position.START);
            return new PolicyReading.Invalid(findings.errors());
        }
        return switch (YamlReader.read(yaml)) {
            case YamlReading.Document(var root) -> policy(root);
            case YamlReading.Fault(var code, var message, var at) -> {
                findings.error(code, message, at);
                yield new PolicyReading.Invalid(findings.errors());
            }
        };
    }

    private static boolean isTooLarge(String yaml) {
        return yaml.length() > MAX_BYTES
                || yaml.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
    }

    private PolicyReading policy(YamlNode root) {
        var rules = Section.of(root, "a policy", findings).map(this::rules).orElse(List.of());
        if (findings.hasErrors()) {
            return new PolicyReading.Invalid(findings.errors());
        }
        var digest = CanonicalText.digest(root);
        return new PolicyReading.Valid(
                new Policy(rules, digest), findings.remarks(), findings.selectors());
    }

    private List<Rule> rules(Section section) {
        section.acceptOnly(Set.of("rules"), Set.of());
        var nodes =
                section.require("rules")
                        .flatMap(node -> section.items(node, "'rules'"))
                        .map(YamlNode.Items::nodes)
                        .orElse(List.of());
        List<Rule> rules = new ArrayList<>();
        for (var node : nodes) {
            RuleReader.read(node, rules.size(), findings).ifPresent(rules::add);
        }
        refuseRepeatedIds(nodes);
        return rules;
    }

    private void refuseRepeatedIds(List<YamlNode> nodes) {
        var seen = new HashSet<String>();
        for (var node : nodes) {
            if (node instanceof YamlNode.Members members
                    && members.find("id").orElse(node) instanceof YamlNode.Text id
                    && !seen.add(id.value())) {
                findings.error("duplicate_rule", "another rule has this id", id.at());
            }
        }
    }
}
