package io.sallyport.policy;

import io.sallyport.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of a rule's {@code resources} or {@code prompts}. */
final class ContentReader {
    private static final String LABEL = "label:";

    private final ContentKind kind;
    private final Findings findings;
    private final List<ContentGlob> globs = new ArrayList<>();
    private final Set<String> labels = new HashSet<>();

    private ContentReader(ContentKind kind, Findings findings) {
        this.kind = kind;
        this.findings = findings;
    }

    /** Returns the selection, or empty, with findings, if an entry is wrong or there is none. */
    static Optional<ContentSelection> read(
            ContentKind kind, List<YamlNode.Text> entries, Findings findings) {
        var reader = new ContentReader(kind, findings);
        var understood = entries.stream().filter(reader::accept).count();
        return entries.isEmpty() || understood < entries.size()
                ? Optional.empty()
                : Optional.of(new ContentSelection(reader.globs, reader.labels));
    }

    private boolean accept(YamlNode.Text entry) {
        var text = entry.value();
        boolean isLabel = text.startsWith(LABEL);
        boolean isEntry = isLabel ? addLabel(text) : addGlob(text);
        if (isEntry) {
            findings.selector(isLabel ? Selector.Kind.SERVER_LABEL : named(), entry);
        } else {
            findings.error(
                    "bad_" + kind.code(), PlainText.excerpt(text) + expectation(), entry.at());
        }
        return isEntry;
    }

    private Selector.Kind named() {
        return switch (kind) {
            case RESOURCE, TEMPLATE -> Selector.Kind.RESOURCE;
            case PROMPT -> Selector.Kind.PROMPT;
        };
    }

    private String expectation() {
        return switch (kind) {
            case RESOURCE, TEMPLATE -> " is not server/uri, label: with a name, or *";
            case PROMPT -> " is not server/name, label: with a name, or *";
        };
    }

    private boolean addLabel(String text) {
        var name = text.substring(LABEL.length());
        if (!PlainText.isPlain(name) || name.indexOf('*') >= 0) {
            return false;
        }
        labels.add(name);
        return true;
    }

    private boolean addGlob(String text) {
        var glob = ContentGlob.parse(kind, text);
        glob.ifPresent(globs::add);
        return glob.isPresent();
    }
}
