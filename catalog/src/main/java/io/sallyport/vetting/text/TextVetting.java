package io.sallyport.vetting.text;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.VettingStopped;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Applies the rules about text to every string of a descriptor. */
public final class TextVetting {
    /** Findings of each kind that are kept of one tool; a reviewer has stopped reading by then. */
    private static final int MAX_FINDINGS = 50;

    /** Characters of all findings of one tool, kept and stored with it: twenty long ones. */
    private static final int MAX_CHARACTERS = 16 * 1024;

    /** Stands for what was no character when the descriptor came. */
    private static final char REPLACEMENT = '\ufffd';

    private final NeighbourTools neighbours;
    private final List<Finding> hidden = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();
    private int characters;

    private TextVetting(NeighbourTools neighbours) {
        this.neighbours = neighbours;
    }

    /**
     * The first hidden characters, then the first warnings.
     *
     * @throws VettingStopped if the thread was interrupted
     */
    public static List<Finding> vet(JsonNode tree, NeighbourTools neighbours) {
        var vetting = new TextVetting(neighbours);
        DescriptorText.each(tree, vetting::read);
        var findings = new ArrayList<>(vetting.hidden);
        findings.addAll(vetting.warnings);
        return findings;
    }

    private void read(DescriptorText text) {
        VettingStopped.ifInterrupted();
        if (hidden.size() < MAX_FINDINGS) {
            HiddenCharacters.find(text).ifPresent(it -> keep(hidden, it));
        }
        int broken = text.text().indexOf(REPLACEMENT);
        if (broken >= 0) {
            var excerpt = ShortText.excerpt(text.text(), broken);
            keep(warnings, warning("broken_character", text.place().pointer(), excerpt));
        }
        if (hasRoom(warnings)) {
            SuspiciousText.find(text).forEach(it -> keep(warnings, it));
        }
        if (hasRoom(warnings)) {
            neighbours
                    .namedIn(text.text())
                    .map(name -> warning("references_other_tool", text.place().pointer(), name))
                    .ifPresent(it -> keep(warnings, it));
        }
    }

    private boolean hasRoom(List<Finding> kept) {
        return kept.size() < MAX_FINDINGS && characters < MAX_CHARACTERS;
    }

    /** The first hidden character is kept whatever else was found: it needs an override. */
    private void keep(List<Finding> kept, Finding finding) {
        if (hasRoom(kept) || finding.severity() == Severity.BLOCK && hidden.isEmpty()) {
            kept.add(finding);
            characters += finding.pointer().length() + finding.excerpt().length();
        }
    }

    private static Finding warning(String rule, String pointer, String excerpt) {
        return new Finding(rule, Severity.WARN, pointer, excerpt);
    }
}
