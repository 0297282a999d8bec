package io.sallyport.vetting;

import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.Judging;
import io.sallyport.catalog.KnownTools;
import io.sallyport.catalog.ServerIdentity;
import io.sallyport.catalog.ServerLists;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.catalog.VettedCatalog;
import io.sallyport.policy.ToolRef;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Judges every item of a server's fresh lists. */
public final class CatalogVetting {
    private CatalogVetting() {}

    /** Like the other one, on this thread and with the usual names. */
    public static VettedCatalog vet(
            ServerIdentity identity, ServerLists lists, Collection<ToolRef> elsewhere) {
        return vet(identity, lists, KnownTools.of(elsewhere), Judging.HERE, ToolNaming.STANDARD);
    }

    /**
     * @param known the tenant's tools, of which these may try to influence other servers'
     * @param judging where each item is judged
     * @param naming what its tools are called by models and clients
     */
    public static VettedCatalog vet(
            ServerIdentity identity,
            ServerLists lists,
            KnownTools known,
            Judging judging,
            ToolNaming naming) {
        var entries = new EntryVetting(identity, known, judging);
        return new VettedCatalog(
                DescriptorVetting.vet(identity, lists.tools(), known, judging, naming),
                Stream.of(
                                entries.vet(EntryKind.RESOURCE, lists.resources()),
                                entries.vet(EntryKind.TEMPLATE, lists.templates()),
                                entries.vet(EntryKind.PROMPT, lists.prompts()))
                        .flatMap(List::stream)
                        .toList());
    }
}
