package io.sallyport.catalog;

import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.schema.CompiledSchema;
import io.sallyport.catalog.schema.HeaderAnnotations;
import io.sallyport.catalog.vetting.NeighbourTools;
import io.sallyport.catalog.vetting.TextVetting;
import io.sallyport.policy.ToolRef;
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

    /** Like {@link #vet(ServerIdentity, List, KnownTools, Judging)}, on the calling thread. */
    public static List<VettedTool> vet(
            ServerIdentity identity, List<JsonNode> descriptors, Collection<ToolRef> elsewhere) {
        return vet(identity, descriptors, KnownTools.of(elsewhere), Judging.HERE);
    }

    /**
     * @param descriptors one server's whole list, in its order; so is the answer
     * @param known the tenant's tools, of which these may try to influence other servers'
     */
    static List<VettedTool> vet(
            ServerIdentity identity,
            List<JsonNode> descriptors,
            KnownTools known,
            Judging judging) {
        var listed =
                judging.judge(() ->
                        descriptors.stream()
                                .map(tree -> ToolDescriptor.of(identity, tree))
                                .toList());
        var vetting = judging.judge(() -> new DescriptorVetting(identity, listed, known));
        return listed.stream().map(it -> judging.judge(() -> vetting.judge(it))).toList();
    }

    private VettedTool judge(ToolDescriptor descriptor) {
        if (Descriptor.isTooLarge(descriptor.tree())) {
            var tooLarge = ofName(descriptor, "descriptor_too_large", Severity.REJECT);
            return new VettedTool(descriptor, List.of(tooLarge));
        }
        var findings = new ArrayList<Finding>();
        nameFault(descriptor).ifPresent(findings::add);
        inputFault(descriptor).ifPresent(findings::add);
        outputFault(descriptor).ifPresent(findings::add);
        findings.addAll(TextVetting.vet(descriptor.tree(), neighbours));
        if (neighbours.looksLikeAnother(descriptor.ref().tool())) {
            findings.add(ofName(descriptor, "look_alike_name", Severity.WARN));
        }
        return new VettedTool(descriptor, findings);
    }

    /** Aliases are counted, not names: that covers equal names and colliding aliases alike. */
    private Optional<Finding> nameFault(ToolDescriptor descriptor) {
        var name = descriptor.ref().tool();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return Optional.of(ofName(descriptor, "invalid_descriptor", Severity.REJECT));
        }
        return uses.getOrDefault(descriptor.alias(), 0L) > 1
                ? Optional.of(ofName(descriptor, "duplicate_tool_name", Severity.REJECT))
                : Optional.empty();
    }

    private static Optional<Finding> inputFault(ToolDescriptor descriptor) {
        var schema = descriptor.inputSchema();
        try {
            ArgumentValidator.compile(schema, false);
        } catch (RejectedSchema e) {
            return Optional.of(rejected(descriptor, e.rule(), "/inputSchema" + e.pointer()));
        }
        return HeaderAnnotations.firstInvalid(schema)
                .map(at -> rejected(descriptor, "x_header_invalid", "/inputSchema" + at));
    }

    private static Optional<Finding> outputFault(ToolDescriptor descriptor) {
        var schema = descriptor.outputSchema();
        if (schema.isMissingNode()) {
            return Optional.empty();
        }
        try {
            CompiledSchema.compile(schema);
            return Optional.empty();
        } catch (RejectedSchema e) {
            return Optional.of(rejected(descriptor, e.rule(), "/outputSchema" + e.pointer()));
        }
    }

    private static Finding rejected(ToolDescriptor descriptor, String rule, String pointer) {
        var place = descriptor.tree().at(JsonPointer.compile(pointer)).stringValue("");
        return new Finding(rule, Severity.REJECT, pointer, ShortText.excerpt(place, 0));
    }

    private static Finding ofName(ToolDescriptor descriptor, String rule, Severity severity) {
        var excerpt = ShortText.excerpt(descriptor.ref().tool(), 0);
        return new Finding(rule, severity, "/name", excerpt);
    }
}
