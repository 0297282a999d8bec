package io.sallyport.policy;

import io.sallyport.policy.yaml.YamlNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the {@code approval} member of a rule. */
final class ApprovalReader {
    static final List<String> DEFAULT_APPROVERS = List.of("role:approver");
    static final Duration DEFAULT_TTL = Duration.ofMinutes(15);

    /** What nobody has used after a week should be asked for again. */
    private static final Duration MAX_TTL = Duration.ofDays(7);

    private static final int MAX_COUNT = 10;

    private static final Set<String> MEMBERS = Set.of("approvers", "ttl", "count");
    private static final Set<String> LATER = Set.of("continues");
    private static final Pattern TTL = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]?");

    private final Section section;
    private final Findings findings;

    private ApprovalReader(Section section) {
        this.section = section;
        this.findings = section.findings();
    }

    /** The requirement of a rule that says nothing about its approval. */
    static ApprovalRequirement defaults(String rule, String reason) {
        return new ApprovalRequirement(rule, DEFAULT_APPROVERS, 1, DEFAULT_TTL, reason);
    }

    /** Returns the requirement; meaningless if {@code section}'s findings have errors. */
    static ApprovalRequirement read(Section section, String rule, String reason) {
        section.acceptOnly(MEMBERS, LATER);
        var reader = new ApprovalReader(section);
        var approvers = reader.approvers();
        return new ApprovalRequirement(
                rule, approvers, reader.count(approvers), reader.ttl(), reason);
    }

    private List<String> approvers() {
        var node = section.find("approvers");
        if (node.isEmpty()) {
            return DEFAULT_APPROVERS;
        }
        var entries = section.strings(node.get(), "approvers");
        entries.forEach(this::checkApprover);
        return entries.stream().map(YamlNode.Text::value).distinct().toList();
    }

    private void checkApprover(YamlNode.Text entry) {
        var selector = SubjectSelector.parse(entry.value());
        if (selector.filter(SubjectSelector::namesPeople).isEmpty()) {
            var message = " is not one of user:, group: or role: with a name";
            findings.error("bad_approver", PlainText.excerpt(entry.value()) + message, entry.at());
        } else {
            findings.selector(Selector.Kind.SUBJECT, entry);
        }
    }

    private Duration ttl() {
        var node = section.find("ttl");
        if (node.isEmpty()) {
            return DEFAULT_TTL;
        }
        if (node.get() instanceof YamlNode.Text text) {
            var matcher = TTL.matcher(text.value());
            if (matcher.matches()) {
                return atMost(duration(Long.parseLong(matcher.group(1)), matcher.group(2)), text);
            }
        }
        findings.error("bad_ttl", "'ttl' must be like 90s, 15m, 4h or 2d", node.get().at());
        return DEFAULT_TTL;
    }

    private Duration atMost(Duration ttl, YamlNode.Text text) {
        if (ttl.compareTo(MAX_TTL) > 0) {
            findings.error("bad_ttl", "'ttl' must be at most 7d", text.at());
        }
        return ttl;
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private int count(List<String> approvers) {
        var node = section.find("count");
        if (node.isEmpty()) {
            return 1;
        }
        if (node.get() instanceof YamlNode.Whole whole && COUNT.matcher(whole.digits()).matches()) {
            int count = Integer.parseInt(whole.digits());
            if (count <= Math.min(MAX_COUNT, possibleVotes(approvers))) {
                return count;
            }
        }
        var message = "'count' must be 1 to 10 and no more than the users that could agree";
        findings.error("bad_count", message, node.get().at());
        return 1;
    }

    /** Named users can be counted; who has a role or is in a group is not known here. */
    private static int possibleVotes(List<String> approvers) {
        var users = approvers.stream().allMatch(one -> one.startsWith("user:"));
        return users ? new HashSet<>(approvers).size() : MAX_COUNT;
    }
}
