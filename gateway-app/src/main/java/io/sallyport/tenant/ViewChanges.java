package io.sallyport.tenant;

import io.sallyport.policy.TenantId;

/** Tells when the view of a tenant has changed, so that lists can be compared with those before. */
public interface ViewChanges {
    /**
     * Has {@code listener} called whenever a newer view of the tenant is in memory, until the
     * answer is closed. It is called on the thread that brought the view, at least once for each
     * sequence that came to be known here and perhaps more often: it must return at once.
     */
    Registration onChange(TenantId tenant, Runnable listener);

    /** Ends with {@link #close()}. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
