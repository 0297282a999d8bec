package io.sallyport.recording;

import io.sallyport.policy.Principal;
import tools.jackson.databind.node.ObjectNode;

/** What became of a call, for whoever made it. Reading it leaves no record. */
public interface PastCalls {
    /**
     * The call that a record is about: of a denial, of a request for approval, of an intent, or of
     * its outcome. Waits for the principal's earlier look-ups.
     *
     * @param record {@code writer:epoch:wseq}; any other text names no call
     */
    Told find(Principal principal, String record) throws InterruptedException;

    /** The answer. */
    sealed interface Told {
        /**
         * @param call decision, reason and end, never arguments or results
         */
        record Found(ObjectNode call) implements Told {}

        /** No such record, no record of a call, or not this principal's: one answer. */
        record Unknown() implements Told {}

        /** Others look too much up just now. */
        record Busy() implements Told {}
    }
}
