package io.sallyport.tenant;

import io.sallyport.policy.TenantId;

/** Where the current view of a tenant comes from. */
public interface Governance {
    /** The newest view that this process knows; memory only, never a database read when warm. */
    TenantView view(TenantId tenant);

    /** Reads the tenant again, because the writer found the given view to be out of date. */
    TenantView refreshed(TenantView stale);
}
