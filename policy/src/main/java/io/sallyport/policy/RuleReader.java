package io.sallyport.policy;

import io.sallyport.policy.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one rule of the document. */
final class RuleReader {
    /** Who may be told that a rule decided. */
    static final String CALLER = "caller";

    /** Ids stand in records, metrics and URLs. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /** One or two sentences; they are shown to approvers. */
    private static final int MAX_REASON_LENGTH = 500;

    private static final Set<String> MEMBERS =
            Set.of(
                    "id",
                    "effect",
                    "subjects",
                    "tools",
                    "resources",
                    "prompts",
                    "approval",
                    "reason",
                    "explain");

    /** Members of later versions: refused, since ignoring one would widen a rule. */
    private static final Set<String> LATER = Set.of("when", "continues");

    private static final List<String> PARTS = List.of("tools", "resources", "prompts");

    private final Section section;
    private final Findings findings;

    private RuleReader(Section section) {
        this.section = section;
        this.findings = section.findings();
    }

    /** Returns the rule, or empty if it cannot be built; findings say why. */
    static Optional<Rule> read(YamlNode node, int position, Findings findings) {
        return Section.of(node, "a rule", findings)
                .flatMap(section -> new RuleReader(section).rule(position));
    }

    private Optional<Rule> rule(int position) {
        section.acceptOnly(MEMBERS, LATER);
        var id = id();
        var effect = effect(id.orElse(""), reason());
        var subjects = subjects();
        var target = target();
        var told = told();
        if (id.isEmpty() || effect.isEmpty() || target.isEmpty()) {
            return Optional.empty();
        }
        var rule = new Rule(position, id.get(), effect.get(), subjects, target, told);
        remarkBroad(rule);
        return Optional.of(rule);
    }

    private Optional<String> id() {
        var node = section.require("id");
        var text = node.flatMap(found -> section.text(found, "'id'"));
        text.filter(id -> !ID.matcher(id.value()).matches()).ifPresent(this::refuseId);
        return text.map(YamlNode.Text::value);
    }

    private void refuseId(YamlNode.Text id) {
        var message = "an id has 1 to 64 letters, digits, _ . -, and starts with a letter or digit";
        findings.error("bad_id", message, id.at());
    }

    private Optional<Effect> effect(String id, String reason) {
        var node = section.require("effect");
        var text = node.flatMap(found -> section.text(found, "'effect'"));
        return text.flatMap(found -> effect(found, id, reason));
    }

    private Optional<Effect> effect(YamlNode.Text text, String id, String reason) {
        return switch (text.value()) {
            case "allow" -> withoutApproval(new Effect.Allow());
            case "deny" -> withoutApproval(new Effect.Deny());
            case "require_approval" ->
                    Optional.of(new Effect.RequireApproval(requirement(id, reason)));
            default -> {
                var message = " is not allow, deny or require_approval";
                findings.error(
                        "unknown_effect", PlainText.excerpt(text.value()) + message, text.at());
                yield Optional.empty();
            }
        };
    }

    private Optional<Effect> withoutApproval(Effect effect) {
        section.find("approval").ifPresent(this::refuseApproval);
        return Optional.of(effect);
    }

    private void refuseApproval(YamlNode node) {
        var message = "'approval' belongs to the effect require_approval only";
        findings.error("unexpected_approval", message, node.at());
    }

    private ApprovalRequirement requirement(String id, String reason) {
        return section.find("approval")
                .flatMap(node -> Section.of(node, "'approval'", findings))
                .map(approval -> ApprovalReader.read(approval, id, reason))
                .orElseGet(() -> ApprovalReader.defaults(id, reason));
    }

    private List<SubjectSelector> subjects() {
        return section.find("subjects").stream()
                .flatMap(node -> section.strings(node, "subjects").stream())
                .flatMap(entry -> subject(entry).stream())
                .toList();
    }

    private Optional<SubjectSelector> subject(YamlNode.Text entry) {
        var subject = SubjectSelector.parse(entry.value());
        if (subject.isPresent()) {
            findings.selector(Selector.Kind.SUBJECT, entry);
        } else {
            var message = " is not any, user:, group:, key:, key-group:, client: or role:";
            findings.error("bad_subject", PlainText.excerpt(entry.value()) + message, entry.at());
        }
        return subject;
    }

    /** What is wrong in it is a finding, so that a part left out never makes a policy. */
    private RuleTarget target() {
        if (PARTS.stream().allMatch(part -> section.find(part).isEmpty())) {
            var message = "'tools', 'resources' or 'prompts' is missing";
            findings.error("missing_member", message, section.at());
        }
        return new RuleTarget(
                entries("tools").flatMap(it -> SelectionReader.read(it, findings)),
                content(ContentKind.RESOURCE, "resources"),
                content(ContentKind.PROMPT, "prompts"));
    }

    /** Who is told which rule decided: auditors always, the caller if the rule says so. */
    private boolean told() {
        var text = section.find("explain").flatMap(node -> section.text(node, "'explain'"));
        text.filter(found -> !found.value().equals(CALLER))
                .ifPresent(found ->
                        findings.error(
                                "bad_explain",
                                PlainText.excerpt(found.value()) + " is not " + CALLER,
                                found.at()));
        return text.isPresent();
    }

    private Optional<ContentSelection> content(ContentKind kind, String part) {
        return entries(part).flatMap(it -> ContentReader.read(kind, it, findings));
    }

    private Optional<List<YamlNode.Text>> entries(String part) {
        return section.find(part).map(node -> section.strings(node, part));
    }

    private String reason() {
        var text = section.find("reason").flatMap(node -> section.text(node, "'reason'"));
        text.filter(found -> !isReason(found.value()))
                .ifPresent(found ->
                        findings.error(
                                "bad_reason",
                                "a reason is one line of at most 500 visible characters",
                                found.at()));
        return text.map(YamlNode.Text::value).orElse("");
    }

    private static boolean isReason(String reason) {
        return reason.length() <= MAX_REASON_LENGTH && PlainText.isPlain(reason);
    }

    private void remarkBroad(Rule rule) {
        if (rule.effect() instanceof Effect.Allow
                && rule.concernsEveryone()
                && rule.target().holdsEverythingOfAKind()) {
            var message = "this rule allows all of a kind to everyone in the tenant";
            findings.remark("broad_allow", message, section.at());
        }
    }
}
