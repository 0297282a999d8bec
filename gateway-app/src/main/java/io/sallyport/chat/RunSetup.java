package io.sallyport.chat;

import io.sallyport.gate.CallContext;
import io.sallyport.gate.Offer;
import io.sallyport.gate.Peer;
import io.sallyport.gate.RunRecords.RunStart;
import io.sallyport.identity.Caller;
import io.sallyport.upstream.RunLimits;
import java.time.Duration;
import java.util.Optional;

/** What one governed run is made of, from its start to its end. */
record RunSetup(
        Plan.Governed plan, Caller caller, RunStart start, ModelLine line, RunLedger ledger) {

    static RunSetup of(Plan.Governed plan, Caller caller, RunStart start, ModelLine line) {
        var limits = plan.model().limits();
        return new RunSetup(
                plan, caller, start, line, new RunLedger(start.run(), limits, plan.warnings()));
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

    /** The context of the call that was admitted last; its key is unique: run, round, call. */
    CallContext contextOf(Duration timeout) {
        var key = start.run() + "/" + ledger.rounds() + "/" + ledger.admission().calls() + "/1";
        return new CallContext(
                caller.principal(),
                listed(),
                key,
                "chat",
                caller.requestId(),
                Optional.of(start.run()),
                Peer.silent(ledger::isAbandoned),
                line.room(),
                timeout);
    }

    private Offer.Listed listed() {
        return offer().listed();
    }
}
