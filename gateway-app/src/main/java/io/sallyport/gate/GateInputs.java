package io.sallyport.gate;

/** What the gate needs from the store. */
public record GateInputs(
        Governance governance,
        Approvals approvals,
        ArgumentsDigest digests,
        AuditTrail trail,
        Payloads payloads) {}
