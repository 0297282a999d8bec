package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Who;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.Payloads;
import io.sallyport.recording.TrailEntry;
import java.time.Clock;

/** Records of what admins and the gateway itself changed. */
final class AdminRecords {
    private final Payloads payloads;
    private final Clock clock;

    AdminRecords(Payloads payloads, Clock clock) {
        this.payloads = payloads;
        this.clock = clock;
    }

    /**
     * Something that a caller did to a tenant; a platform admin may act on a tenant not its own.
     */
    TrailEntry by(Caller caller, TenantId tenant, Kind kind, Change change) {
        return new TrailEntry.Fact(
                AuditRecord.of(kind, tenant.value(), clock.instant())
                        .with(who(caller, tenant))
                        .with(new AuditRecord.Trace("", "", caller.requestId()))
                        .with(change));
    }

    Who who(Caller caller, TenantId tenant) {
        return Who.of(
                caller.principal().tenant().value(),
                payloads.pseudonym(tenant, caller.principal().subject()),
                caller.key().id(),
                "key");
    }

    /** Something that the gateway did by itself. */
    TrailEntry byGateway(TenantId tenant, Kind kind, Change change) {
        return new TrailEntry.Fact(
                AuditRecord.of(kind, tenant.value(), clock.instant()).with(change));
    }
}
