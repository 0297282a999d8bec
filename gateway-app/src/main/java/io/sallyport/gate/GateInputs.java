package io.sallyport.gate;

import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.Payloads;
import io.sallyport.tenant.Governance;

/** What the gate needs from the store. */
public record GateInputs(
        Governance governance,
        Approvals approvals,
        ArgumentsDigest digests,
        AuditTrail trail,
        Payloads payloads) {}
