package io.sallyport.vetting.text;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.JsonPlace;
import java.util.ArrayList;
import java.util.List;

/** Warnings about one place, one for each rule. */
final class FindingList {
    private final JsonPlace place;
    private final List<Finding> findings = new ArrayList<>();

    FindingList(JsonPlace place) {
        this.place = place;
    }

    void warn(String rule, String excerpt) {
        if (findings.stream().noneMatch(finding -> finding.rule().equals(rule))) {
            findings.add(new Finding(rule, Severity.WARN, place.pointer(), excerpt));
        }
    }

    List<Finding> all() {
        return findings;
    }
}
