package io.sallyport.gate;

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
