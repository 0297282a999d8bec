package io.sallyport.admin;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.policy.Risk;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which risk an approval gives: one class, or for each tool what its annotations say and at least
 * that class.
 */
record RiskTerms(Risk risk, boolean fromAnnotations) {
    private static final String MEMBER = "risk";
    private static final String ANNOTATIONS = "annotations";

    /** Reads {@code "read"} or {@code {"from": "annotations", "at_least": "read"}}. */
    static RiskTerms read(Body body) {
        if (!body.isObject(MEMBER)) {
            return new RiskTerms(risk(body, MEMBER, List.of(Risk.values())), false);
        }
        var terms = body.object(MEMBER, "from", "at_least").orElseThrow();
        if (!terms.text("from").equals(ANNOTATIONS)) {
            throw Refusal.invalid("risk.from must be annotations.");
        }
        var least = List.of(Risk.READ, Risk.WRITE, Risk.DESTRUCTIVE);
        return new RiskTerms(risk(terms, "at_least", least), true);
    }

    private static Risk risk(Body body, String member, List<Risk> allowed) {
        var code = body.text(member).toLowerCase(Locale.ROOT);
        return Risk.of(code)
                .filter(allowed::contains)
                .orElseThrow(() -> Refusal.invalid(unknown(code, allowed.stream())));
    }

    private static String unknown(String code, Stream<Risk> allowed) {
        return Closest.unknown(MEMBER, code, allowed.map(Risk::code).toList());
    }

    Risk of(CatalogTool tool) {
        return fromAnnotations ? tool.claimedRisk(risk) : risk;
    }
}
