package io.sallyport.chat;

import io.sallyport.gate.CallContext;
import io.sallyport.gate.ClientContext;
import io.sallyport.gate.OfferedTools;
import io.sallyport.identity.Caller;
import io.sallyport.provider.RunLimits;
import io.sallyport.recording.RunRecords.RunStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** What one governed run is made of, from its start to its end. */
record RunSetup(
        Plan.Governed plan,
        Caller caller,
        RunStart start,
        ModelLine line,
        RunLedger ledger,
        Claim claim) {

    static RunSetup of(
            Plan.Governed plan, Caller caller, RunStart start, ModelLine line, Claim claim) {
        var warnings = new ArrayList<>(plan.warnings());
        warnings.addAll(claim.journal().warnings());
        var ledger = new RunLedger(start.run(), plan.model().limits(), warnings);
        return new RunSetup(plan, caller, start, line, ledger, claim);
    }

    Journal journal() {
        return claim.journal();
    }

    ToolOffer offer() {
        return plan.offer();
    }

    RunLimits limits() {
        return plan.model().limits();
    }

    /** What is left for a call: its own limit or the rest of the run, whichever is shorter. */
    Duration callTimeout() {
        var left = line.remaining();
        return left.compareTo(limits().callTimeout()) < 0 ? left : limits().callTimeout();
    }

    /**
     * The context of the call that was admitted last; its key is unique: run, round, call. A call
     * that only reads is made again by whoever goes on with the run; for every other one there is
     * one key until it is known not to have been sent, so that it can be recorded and sent once,
     * whatever happens.
     */
    CallContext contextOf(RequestedCall call, boolean readOnly, Duration timeout) {
        var place = start.run() + "/" + ledger.rounds() + "/" + ledger.admission().calls();
        var attempt = readOnly ? claim.generation() : 1 + journal().unsent(call);
        var key = place + "/" + attempt;
        return new CallContext(
                caller.principal(),
                listed(),
                key,
                "chat",
                caller.requestId(),
                Optional.of(start.run()),
                ClientContext.silent(ledger::isAbandoned),
                line.room(),
                timeout);
    }

    private OfferedTools.Listed listed() {
        return offer().listed();
    }
}
