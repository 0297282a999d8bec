package io.sallyport.admin;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Stoppable;

/**
 * Stops things of a tenant and starts them again, recorded. Once a method has returned, no call of
 * what is stopped begins.
 */
public interface StopSwitch {
    /** Stops it and cancels its open approvals; nothing if it is stopped already. */
    void stop(TenantId tenant, Stoppable what, String reason, Caller by);

    /** Starts it, without the approvals of before; nothing if it is not stopped. */
    void start(TenantId tenant, Stoppable what, String reason, Caller by);
}
