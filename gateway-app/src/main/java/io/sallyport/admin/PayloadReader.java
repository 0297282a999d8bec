package io.sallyport.admin;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;

/** What records are about, as it was sealed beside the log. */
public interface PayloadReader {
    /**
     * What was sealed with a record: the params of an intent. That it is read, by whom and why, is
     * recorded first, whether there is anything or not.
     *
     * @param reason a sentence of the reader's
     */
    Revealed reveal(TenantId tenant, String record, String reason, Caller by);

    /** What came of it. */
    sealed interface Revealed {
        /**
         * @param params JSON as it was sent
         */
        record Params(String params) implements Revealed {}

        /** There is no such record in the tenant's log, or nothing was kept with it. */
        record Nothing() implements Revealed {}

        /** Its key was destroyed. */
        record Erased() implements Revealed {}

        /** It is not what was sealed with this record. */
        record Damaged() implements Revealed {}
    }
}
