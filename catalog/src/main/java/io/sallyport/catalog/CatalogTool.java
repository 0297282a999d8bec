package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One tool of one server as the catalogue knows it.
 *
 * @param listed as the server last listed it
 * @param findings what vetting says about {@code listed}
 * @param pinned what an admin approved, empty if nothing was
 * @param risk as an admin classified it; rules see {@link #effectiveRisk()}
 * @param lenient whether arguments may have members that the schema does not declare
 */
public record CatalogTool(
        ToolDescriptor listed,
        List<Finding> findings,
        ToolStatus status,
        Optional<ToolDescriptor> pinned,
        Risk risk,
        Set<String> labels,
        boolean lenient)
        implements CatalogItem<ToolDescriptor, CatalogTool> {
    public CatalogTool {
        findings = List.copyOf(findings);
        labels = Set.copyOf(labels);
    }

    public ToolRef ref() {
        return listed.ref();
    }

    /** The admin's class, raised where the descriptor's annotations admit to more. */
    public Risk effectiveRisk() {
        return RiskHints.raise(risk, listed.tree().path("annotations"));
    }

    /** What the descriptor's annotations say of the risk, but no class below {@code least}. */
    public Risk claimedRisk(Risk least) {
        return RiskHints.higher(least, RiskHints.claimed(listed.tree().path("annotations")));
    }

    /** Where keywords of the schemas stand that are not judged, as pointers into the descriptor. */
    public List<String> unjudged() {
        return findings.stream().filter(Finding::leavesUnjudged).map(Finding::pointer).toList();
    }

    /**
     * The input schema that arguments are judged by, for whoever is to write arguments: without
     * nulls that mean nothing and without what is not judged.
     */
    public JsonNode judgedSchema() {
        var offered = listed.offered();
        if (unjudged().isEmpty()) {
            return offered.path("inputSchema");
        }
        var copy = offered.deepCopy();
        for (var pointer : unjudged()) {
            var place = JsonPointer.compile(pointer);
            if (copy.at(place.head()) instanceof ObjectNode schema) {
                schema.remove(place.last().getMatchingProperty());
            }
        }
        return copy.path("inputSchema");
    }

    /**
     * The descriptor as clients in sessions of 2025 get it: without an outputSchema of anything but
     * an object, since these know no other results, and without one that clients may fail to
     * compile; for either they refuse the whole list. Results are judged by it all the same.
     */
    public JsonNode offeredInSessions() {
        var offered = listed.offered();
        var schema = offered.path("outputSchema");
        if (schema.isMissingNode() || isTakenInSessions(schema)) {
            return offered;
        }
        var copy = JsonNodeFactory.instance.objectNode();
        offered.properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        return copy.without("outputSchema");
    }

    private boolean isTakenInSessions(JsonNode schema) {
        return schema.path("type").stringValue("").equals("object")
                && unjudged().stream().noneMatch(it -> it.startsWith("/outputSchema"))
                && CommonSchema.is(schema);
    }

    /** Which hint makes {@link #effectiveRisk} higher than what the admin said, if one does. */
    public Optional<String> raisedBy() {
        return effectiveRisk() == risk
                ? Optional.empty()
                : Optional.of(RiskHints.reason(listed.tree().path("annotations")));
    }

    @Override
    public CatalogTool seen(ToolDescriptor now, List<Finding> nowFindings, ToolStatus nowStatus) {
        return new CatalogTool(now, nowFindings, nowStatus, pinned, risk, labels, lenient);
    }
}
