package io.sallyport.catalog;

import io.sallyport.policy.ToolRef;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** One server's fresh lists, every item judged. */
public record VettedCatalog(List<VettedTool> tools, List<VettedEntry> entries) {
    public VettedCatalog {
        tools = List.copyOf(tools);
        entries = List.copyOf(entries);
    }

    /** Like {@link #vet(ServerIdentity, ServerLists, KnownTools, Judging)}, on this thread. */
    public static VettedCatalog vet(
            ServerIdentity identity, ServerLists lists, Collection<ToolRef> elsewhere) {
        return vet(identity, lists, KnownTools.of(elsewhere), Judging.HERE);
    }

    /**
     * @param known the tenant's tools, of which these may try to influence other servers'
     * @param judging where each item is judged
     */
    public static VettedCatalog vet(
            ServerIdentity identity, ServerLists lists, KnownTools known, Judging judging) {
        var entries = new EntryVetting(identity, known, judging);
        return new VettedCatalog(
                DescriptorVetting.vet(identity, lists.tools(), known, judging),
                Stream.of(
                                entries.vet(EntryKind.RESOURCE, lists.resources()),
                                entries.vet(EntryKind.TEMPLATE, lists.templates()),
                                entries.vet(EntryKind.PROMPT, lists.prompts()))
                        .flatMap(List::stream)
                        .toList());
    }
}
