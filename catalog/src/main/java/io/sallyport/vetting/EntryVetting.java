package io.sallyport.vetting;

import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.EntryDescriptor;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.Judging;
import io.sallyport.catalog.KnownTools;
import io.sallyport.catalog.ResourceTemplate;
import io.sallyport.catalog.ServerIdentity;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.VettedEntry;
import io.sallyport.policy.ResourceUri;
import io.sallyport.vetting.text.NeighbourTools;
import io.sallyport.vetting.text.TextVetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Says of fresh lists of resources, templates and prompts which entries can be served at all and
 * what a reviewer should look at. As for tools, nothing is thrown and every entry is judged alone.
 */
final class EntryVetting {
    /** As for tools. */
    private static final int MAX_PROMPT_NAME = 128;

    private final ServerIdentity identity;
    private final KnownTools known;
    private final Judging judging;

    EntryVetting(ServerIdentity identity, KnownTools known, Judging judging) {
        this.identity = identity;
        this.known = known;
        this.judging = judging;
    }

    /**
     * @param trees the server's whole list of that kind, in its order; so is the answer
     */
    List<VettedEntry> vet(EntryKind kind, List<JsonNode> trees) {
        if (trees.isEmpty()) {
            return List.of();
        }
        var listed =
                judging.judge(() ->
                        trees.stream().map(it -> EntryDescriptor.of(identity, kind, it)).toList());
        var uses = listed.stream().collect(Collectors.groupingBy(EntryDescriptor::key));
        var names = kind == EntryKind.PROMPT ? uses.keySet() : List.<String>of();
        var neighbours = new NeighbourTools(identity.slug(), names, known);
        return listed.stream().map(it -> judging.judge(() -> judge(it, uses, neighbours))).toList();
    }

    private static VettedEntry judge(
            EntryDescriptor entry,
            Map<String, List<EntryDescriptor>> uses,
            NeighbourTools neighbours) {
        if (Descriptor.isNotShown(entry.tree())) {
            var tooLarge = ofKey(entry, Descriptor.TOO_LARGE, Severity.REJECT);
            return new VettedEntry(entry, List.of(tooLarge));
        }
        var findings = new ArrayList<Finding>();
        keyFault(entry)
                .or(() -> duplicate(entry, uses))
                .map(rule -> ofKey(entry, rule, Severity.REJECT))
                .ifPresent(findings::add);
        if (findings.isEmpty() && hasOtherSpellings(entry)) {
            findings.add(ofKey(entry, "uncommon_uri", Severity.WARN));
        }
        findings.addAll(TextVetting.vet(entry.tree(), neighbours));
        if (entry.kind() == EntryKind.PROMPT && neighbours.looksLikeAnother(entry.key())) {
            findings.add(ofKey(entry, "look_alike_name", Severity.WARN));
        }
        return new VettedEntry(entry, findings);
    }

    private static Optional<String> keyFault(EntryDescriptor entry) {
        var key = entry.key();
        if (key.isEmpty()) {
            return Optional.of("invalid_descriptor");
        }
        return switch (entry.kind()) {
            case RESOURCE -> unless(ResourceUri.mayBeAskedFor(key), "unsafe_uri");
            case TEMPLATE -> templateFault(key);
            case PROMPT ->
                    unless(
                            key.length() <= MAX_PROMPT_NAME && !Descriptor.holdsControl(key),
                            "invalid_descriptor");
        };
    }

    private static boolean hasOtherSpellings(EntryDescriptor entry) {
        return switch (entry.kind()) {
            case RESOURCE -> !ResourceUri.isCanonical(entry.key());
            case TEMPLATE -> !ResourceUri.isCanonicalTemplate(entry.key());
            case PROMPT -> false;
        };
    }

    private static Optional<String> templateFault(String template) {
        return unless(ResourceUri.mayBeAskedFor(template), "unsafe_uri")
                .or(() ->
                        unless(
                                ResourceTemplate.compile(template).isPresent(),
                                "invalid_uri_template"));
    }

    private static Optional<String> unless(boolean isFine, String rule) {
        return isFine ? Optional.empty() : Optional.of(rule);
    }

    private static Optional<String> duplicate(
            EntryDescriptor entry, Map<String, List<EntryDescriptor>> uses) {
        return unless(uses.getOrDefault(entry.key(), List.of()).size() <= 1, "duplicate_entry");
    }

    private static Finding ofKey(EntryDescriptor entry, String rule, Severity severity) {
        var excerpt = ShortText.excerpt(entry.key(), 0);
        return new Finding(rule, severity, "/" + entry.kind().keyMember(), excerpt);
    }
}
