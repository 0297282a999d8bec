package io.sallyport.provider;

import java.util.List;
import java.util.Optional;

/**
 * The model name that clients use, and what stands behind it.
 *
 * @param targets tried in order, never empty
 * @param toolset name of the toolset that its runs offer, absent for none
 */
public record ModelAlias(
        String alias, List<ModelTarget> targets, Optional<String> toolset, RunLimits limits) {
    public ModelAlias {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a model alias needs a target");
        }
    }
}
