package io.sallyport.audit;

import java.util.Set;

/**
 * What a store keeps beside the records of a log. None of it is signed: it can only contradict.
 *
 * @param tree the tree head that the next checkpoint would sign
 * @param waiting records that are not in the tree, and young enough to be on their way
 * @param stranded records that are not in the tree, and should be
 * @param keys ids of the keys to payloads that still exist
 */
public record StoreState(Checkpoint tree, long waiting, long stranded, Set<String> keys) {
    public StoreState {
        keys = Set.copyOf(keys);
    }
}
