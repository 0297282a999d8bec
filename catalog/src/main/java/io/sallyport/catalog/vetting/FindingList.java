package io.sallyport.catalog.vetting;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** Warnings about one place, one for each rule. */
final class FindingList {
    private final String pointer;
    private final List<Finding> findings = new ArrayList<>();

    FindingList(String pointer) {
        this.pointer = pointer;
    }

    void warn(String rule, String excerpt) {
        if (findings.stream().noneMatch(finding -> finding.rule().equals(rule))) {
            findings.add(new Finding(rule, Severity.WARN, pointer, excerpt));
        }
    }

    List<Finding> all() {
        return findings;
    }
}
