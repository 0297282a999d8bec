package io.sallyport.policy;

import io.sallyport.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of a rule's {@code tools}. */
final class SelectionReader {
    private static final String RISK = "risk:";
    private static final String LABEL = "label:";
    private static final String TOOLSET = "toolset:";

    private final Findings findings;
    private final List<ToolGlob> globs = new ArrayList<>();
    private final Set<Risk> risks = EnumSet.noneOf(Risk.class);
    private final Set<String> labels = new HashSet<>();
    private final Set<String> toolsets = new HashSet<>();

    private SelectionReader(Findings findings) {
        this.findings = findings;
    }

    /** Returns the selection, or empty, with findings, if an entry is wrong or there is none. */
    static Optional<ToolSelection> read(List<YamlNode.Text> entries, Findings findings) {
        var reader = new SelectionReader(findings);
        var understood = entries.stream().filter(reader::accept).count();
        if (entries.isEmpty() || understood < entries.size()) {
            return Optional.empty();
        }
        return Optional.of(
                new ToolSelection(reader.globs, reader.risks, reader.labels, reader.toolsets));
    }

    private boolean accept(YamlNode.Text entry) {
        var text = entry.value();
        var fault = add(entry);
        fault.ifPresent(sentence ->
                findings.error("bad_tool", PlainText.excerpt(text) + sentence, entry.at()));
        return fault.isEmpty();
    }

    /** Files the entry under its kind; returns what is wrong with it, or empty. */
    private Optional<String> add(YamlNode.Text entry) {
        var text = entry.value();
        if (text.startsWith(RISK)) {
            return noted(addRisk(text.substring(RISK.length())), Selector.Kind.RISK, entry);
        }
        if (text.startsWith(LABEL)) {
            var name = text.substring(LABEL.length());
            return noted(addName(labels, name), Selector.Kind.LABEL, entry);
        }
        if (text.startsWith(TOOLSET)) {
            var name = text.substring(TOOLSET.length());
            return noted(addName(toolsets, name), Selector.Kind.TOOLSET, entry);
        }
        return noted(addGlob(text), Selector.Kind.TOOL, entry);
    }

    private Optional<String> noted(
            Optional<String> fault, Selector.Kind kind, YamlNode.Text entry) {
        if (fault.isEmpty()) {
            findings.selector(kind, entry);
        }
        return fault;
    }

    private Optional<String> addRisk(String code) {
        var risk = Risk.of(code);
        risk.ifPresent(risks::add);
        return risk.isPresent()
                ? Optional.empty()
                : Optional.of(" is not risk:read, write, destructive or unclassified");
    }

    private static Optional<String> addName(Set<String> names, String name) {
        if (!PlainText.isPlain(name) || name.indexOf('*') >= 0) {
            return Optional.of(" needs a name, without a star");
        }
        names.add(name);
        return Optional.empty();
    }

    private Optional<String> addGlob(String text) {
        var glob = ToolGlob.parse(text);
        glob.ifPresent(globs::add);
        return glob.isPresent()
                ? Optional.empty()
                : Optional.of(" is not server/tool, risk:, label:, toolset: or *");
    }
}
