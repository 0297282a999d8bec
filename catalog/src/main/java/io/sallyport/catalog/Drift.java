package io.sallyport.catalog;

import java.util.List;

/**
 * An approved item whose server now lists something else.
 *
 * @param subject what changed, as records show it: {@code crm/get_issue}, {@code
 *     docs/prompt:summarise}
 * @param from the approved digest
 * @param to the digest of what is listed now
 * @param changes where the two differ, at most 100
 */
public record Drift(String subject, String from, String to, List<DescriptorChange> changes) {
    public Drift {
        changes = List.copyOf(changes);
    }
}
