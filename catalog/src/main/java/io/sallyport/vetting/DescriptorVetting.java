package io.sallyport.vetting;

import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.Judging;
import io.sallyport.catalog.KnownTools;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ServerIdentity;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.catalog.VettedTool;
import io.sallyport.policy.ToolRef;
import io.sallyport.vetting.schema.HeaderAnnotations;
import io.sallyport.vetting.text.NeighbourTools;
import io.sallyport.vetting.text.TextVetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Says of a fresh list which tools can be served at all and what a reviewer should look at.
 *
 * <p>Whatever a server lists, nothing is thrown, nothing is fetched, and every tool is judged
 * alone: a bad one takes no other with it.
 */
public final class DescriptorVetting {
    /** Longest name of MCP 2025-11-25, server/tools, "Tool Names". */
    private static final int MAX_NAME = 128;

    /** Places that one rule names; a schema that must name more of them is rejected. */
    private static final int MAX_OF_A_RULE = 50;

    private final NeighbourTools neighbours;
    private final Map<String, Long> uses;

    private DescriptorVetting(
            ServerIdentity identity, List<ToolDescriptor> listed, KnownTools known) {
        var names = listed.stream().map(descriptor -> descriptor.ref().tool()).toList();
        neighbours = new NeighbourTools(identity.slug(), names, known);
        uses =
                listed.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ToolDescriptor::alias, Collectors.counting()));
    }

    /** Like {@link #vet(ServerIdentity, List, Collection)} for a tenant's only server. */
    public static List<VettedTool> vet(ServerIdentity identity, List<JsonNode> descriptors) {
        return vet(identity, descriptors, List.of());
    }

    /**
     * Like {@link #vet(ServerIdentity, List, KnownTools, Judging, ToolNaming)}, on the calling
     * thread, with the usual names.
     */
    public static List<VettedTool> vet(
            ServerIdentity identity, List<JsonNode> descriptors, Collection<ToolRef> elsewhere) {
        var known = KnownTools.of(elsewhere);
        return vet(identity, descriptors, known, Judging.HERE, ToolNaming.STANDARD);
    }

    /**
     * @param descriptors one server's whole list, in its order; so is the answer
     * @param known the tenant's tools, of which these may try to influence other servers'
     */
    static List<VettedTool> vet(
            ServerIdentity identity,
            List<JsonNode> descriptors,
            KnownTools known,
            Judging judging,
            ToolNaming naming) {
        var listed =
                judging.judge(() ->
                        descriptors.stream()
                                .map(tree -> ToolDescriptor.of(identity, naming, tree))
                                .toList());
        var vetting = judging.judge(() -> new DescriptorVetting(identity, listed, known));
        return listed.stream().map(it -> judging.judge(() -> vetting.judge(it))).toList();
    }

    private VettedTool judge(ToolDescriptor descriptor) {
        if (Descriptor.isNotShown(descriptor.tree())) {
            var tooLarge = ofName(descriptor, Descriptor.TOO_LARGE, Severity.REJECT);
            return new VettedTool(descriptor, List.of(tooLarge));
        }
        var findings = new ArrayList<Finding>();
        nameFault(descriptor).ifPresent(findings::add);
        findings.addAll(ofInput(descriptor));
        findings.addAll(ofOutput(descriptor));
        findings.addAll(TextVetting.vet(descriptor.tree(), neighbours));
        if (neighbours.looksLikeAnother(descriptor.ref().tool())) {
            findings.add(ofName(descriptor, "look_alike_name", Severity.WARN));
        }
        return new VettedTool(descriptor, findings);
    }

    /** Aliases are counted, not names: that covers equal names and colliding aliases alike. */
    private Optional<Finding> nameFault(ToolDescriptor descriptor) {
        var name = descriptor.ref().tool();
        if (name.isEmpty() || name.length() > MAX_NAME || Descriptor.holdsControl(name)) {
            return Optional.of(ofName(descriptor, "invalid_descriptor", Severity.REJECT));
        }
        return uses.getOrDefault(descriptor.alias(), 0L) > 1
                ? Optional.of(ofName(descriptor, "duplicate_tool_name", Severity.REJECT))
                : Optional.empty();
    }

    private static List<Finding> ofInput(ToolDescriptor descriptor) {
        var schema = descriptor.inputSchema();
        var findings = new ArrayList<Finding>();
        try {
            var judged = ArgumentValidator.compile(schema, false);
            warnUnjudged(findings, descriptor, "/inputSchema", judged.unjudged());
            warn(findings, descriptor, "open_arguments", "/inputSchema", judged.openings());
        } catch (RejectedSchema e) {
            return List.of(rejected(descriptor, e.rule(), "/inputSchema" + e.pointer()));
        }
        HeaderAnnotations.firstInvalid(schema)
                .map(at -> rejected(descriptor, "x_header_invalid", "/inputSchema" + at))
                .ifPresent(findings::add);
        return findings;
    }

    private static List<Finding> ofOutput(ToolDescriptor descriptor) {
        var schema = descriptor.outputSchema();
        if (schema.isMissingNode()) {
            return List.of();
        }
        var findings = new ArrayList<Finding>();
        try {
            var judged = ResultValidator.compile(schema);
            warnUnjudged(findings, descriptor, "/outputSchema", judged.unjudged());
            return findings;
        } catch (RejectedSchema e) {
            return List.of(rejected(descriptor, e.rule(), "/outputSchema" + e.pointer()));
        }
    }

    /** An admin confirms each place by its pointer: one that is cut could be several places. */
    private static void warnUnjudged(
            List<Finding> findings, ToolDescriptor descriptor, String schema, List<String> pointers)
            throws RejectedSchema {
        for (var at : pointers) {
            if (JsonPointers.isCut(schema + at)) {
                throw new RejectedSchema(Finding.UNJUDGED, at);
            }
        }
        warn(findings, descriptor, Finding.UNJUDGED, schema, pointers);
    }

    private static void warn(
            List<Finding> findings,
            ToolDescriptor descriptor,
            String rule,
            String schema,
            List<String> pointers) {
        pointers.stream()
                .limit(MAX_OF_A_RULE)
                .map(at -> at(descriptor, rule, Severity.WARN, schema + at))
                .forEach(findings::add);
    }

    private static Finding rejected(ToolDescriptor descriptor, String rule, String pointer) {
        return at(descriptor, rule, Severity.REJECT, pointer);
    }

    private static Finding at(
            ToolDescriptor descriptor, String rule, Severity severity, String pointer) {
        var place = descriptor.tree().at(JsonPointer.compile(pointer)).stringValue("");
        return new Finding(rule, severity, pointer, ShortText.excerpt(place, 0));
    }

    private static Finding ofName(ToolDescriptor descriptor, String rule, Severity severity) {
        var excerpt = ShortText.excerpt(descriptor.ref().tool(), 0);
        return new Finding(rule, severity, "/name", excerpt);
    }
}
