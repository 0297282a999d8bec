package io.sallyport.audit;

import java.util.Set;

/**
 * What a store keeps beside the records of a log. None of it is signed: it can only contradict.
 *
 * @param tree the tree head that the next checkpoint would sign
 * @param waiting records that are not in the tree, and young enough to be on their way
 * @param stranded records that are not in the tree, and should be
 * @param keys the keys to payloads that still exist
 * @param search what the log's readers search
 */
public record StoreState(
        Checkpoint tree, long waiting, long stranded, StoredKeys keys, Search search) {

    /** A store without a search index, whose keys were not opened. */
    public StoreState(Checkpoint tree, long waiting, long stranded, Set<String> keys) {
        this(tree, waiting, stranded, StoredKeys.unopened(keys), Search.NONE);
    }

    /**
     * The index of a log that its readers search; derived from the log and never ahead of it.
     *
     * @param next the first record that is not in it yet
     * @param rows how many entries it has
     */
    public record Search(long next, long rows) {
        public static final Search NONE = new Search(0, 0);
    }
}
