package io.sallyport.gate;

import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.recording.AuditTrail;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ListFreshness;
import java.time.Clock;

/** What the gate is made of. */
record GateParts(
        Governance governance,
        ListFreshness freshness,
        Approvals approvals,
        ArgumentsDigest digests,
        AuditTrail trail,
        CallRecords records,
        UpstreamServers servers,
        UnderWay underWay,
        Validators validators,
        Circuits circuits,
        Clock clock) {}
