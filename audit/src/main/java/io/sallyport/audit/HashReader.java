package io.sallyport.audit;

/** Port: the stored hashes of a tree. */
@FunctionalInterface
public interface HashReader {
    /**
     * The root of the complete subtree over the leaves {@code index << level} to {@code (index + 1)
     * << level}, exclusive; at level 0 a leaf hash. Asked only for subtrees within the tree.
     */
    byte[] read(int level, long index);
}
