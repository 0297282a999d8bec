package io.sallyport.catalog.vetting;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Applies the rules about text to every string of a descriptor. */
public final class TextVetting {
    /** Warnings that are kept of one tool; a reviewer has stopped reading by then. */
    private static final int MAX_WARNINGS = 50;

    private TextVetting() {}

    /** Every hidden character, then the first warnings. */
    public static List<Finding> vet(JsonNode tree, NeighbourTools neighbours) {
        var texts = DescriptorText.all(tree);
        var findings = new ArrayList<Finding>();
        texts.stream().flatMap(text -> HiddenCharacters.find(text).stream()).forEach(findings::add);
        texts.stream()
                .flatMap(text -> warnings(text, neighbours).stream())
                .limit(MAX_WARNINGS)
                .forEach(findings::add);
        return findings;
    }

    private static List<Finding> warnings(DescriptorText text, NeighbourTools neighbours) {
        var warnings = new ArrayList<>(SuspiciousText.find(text));
        neighbours
                .namedIn(text.text())
                .map(name -> warning("references_other_tool", text.pointer(), name))
                .ifPresent(warnings::add);
        return warnings;
    }

    private static Finding warning(String rule, String pointer, String excerpt) {
        return new Finding(rule, Severity.WARN, pointer, excerpt);
    }
}
