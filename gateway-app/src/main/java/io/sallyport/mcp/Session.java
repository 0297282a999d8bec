package io.sallyport.mcp;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;

/**
 * A 2025 session. It identifies a conversation, never a caller: every request brings its own key.
 *
 * @param subject the only principal who may use it
 * @param endpoint path of the endpoint that opened it
 * @param version the negotiated protocol version
 */
record Session(TenantId tenant, String subject, String endpoint, String version) {
    boolean belongsTo(Caller caller, String path) {
        return tenant.equals(caller.principal().tenant())
                && subject.equals(caller.principal().subject())
                && endpoint.equals(path);
    }
}
