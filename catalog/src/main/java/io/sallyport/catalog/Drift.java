package io.sallyport.catalog;

import io.sallyport.policy.ToolRef;
import java.util.List;

/**
 * An approved tool whose server now lists something else.
 *
 * @param from the approved digest
 * @param to the digest of what is listed now
 * @param changes where the two differ, at most 100
 */
public record Drift(ToolRef tool, String from, String to, List<DescriptorChange> changes) {
    public Drift {
        changes = List.copyOf(changes);
    }
}
