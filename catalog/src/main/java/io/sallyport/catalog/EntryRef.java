package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import java.util.Comparator;

/**
 * A resource, resource template or prompt by its own name.
 *
 * @param key the URI, the URI template or the name, as the server gives it
 */
public record EntryRef(ServerSlug server, EntryKind kind, String key)
        implements Comparable<EntryRef> {
    private static final Comparator<EntryRef> ORDER =
            Comparator.comparing(EntryRef::server)
                    .thenComparing(EntryRef::kind)
                    .thenComparing(EntryRef::key);

    @Override
    public int compareTo(EntryRef other) {
        return ORDER.compare(this, other);
    }

    /** As records show it: {@code docs/resource:file:///handbook}. */
    @Override
    public String toString() {
        return server + "/" + kind.code() + ":" + key;
    }
}
