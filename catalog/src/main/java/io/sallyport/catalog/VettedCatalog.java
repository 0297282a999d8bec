package io.sallyport.catalog;

import java.util.List;

/** One server's fresh lists, every item judged. */
public record VettedCatalog(List<VettedTool> tools, List<VettedEntry> entries) {
    public VettedCatalog {
        tools = List.copyOf(tools);
        entries = List.copyOf(entries);
    }
}
