package io.sallyport.audit;

/** Holds a store's search index against the records of a walk. */
final class SearchCheck {
    private final StoreState.Search search;
    private long first = LaneCheck.NOWHERE;

    SearchCheck(StoreState.Search search) {
        this.search = search;
    }

    /** What is below the mark is in the index, as the record says it; what is not below is not. */
    void accept(Leaf leaf, LogEntry.Labels labels, long index) {
        if (labels instanceof LogEntry.Labels.Columns columns) {
            var indexed = columns.indexed();
            boolean agrees =
                    index < search.next()
                            ? indexed.filter(leaf.terms()::equals).isPresent()
                            : indexed.isEmpty();
            first = agrees ? first : Math.min(first, index);
        }
    }

    /** First record that the index contradicts. */
    long first() {
        return first;
    }
}
