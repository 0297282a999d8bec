package io.sallyport.catalog;

/**
 * One difference between two descriptors.
 *
 * @param kind {@code name}, {@code description}, {@code schema}, {@code annotations} or {@code
 *     other}
 * @param pointer JSON pointer to what was added, removed or changed; empty if the descriptor is the
 *     same and the server's identity changed; at most 500 characters
 */
public record DescriptorChange(String kind, String pointer) {
    public DescriptorChange {
        pointer = JsonPointers.kept(pointer);
    }
}
