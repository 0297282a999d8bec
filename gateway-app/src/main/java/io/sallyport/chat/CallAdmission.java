package io.sallyport.chat;

import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.json.Sha256;
import io.sallyport.provider.RunLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The limits on calls that belong to the run itself; everything else is the gate's to decide. */
final class CallAdmission {
    /** The same call a third time means that the model does not read its answers. */
    private static final int MAX_SAME_CALL = 2;

    private final RunLimits limits;
    private final Map<String, Integer> seen = new HashMap<>();
    private int run;
    private int round;

    CallAdmission(RunLimits limits) {
        this.limits = limits;
    }

    void beginRound() {
        round = 0;
    }

    boolean isUsedUp() {
        return run >= limits.callsPerRun();
    }

    /** Calls that went to the gate. */
    int calls() {
        return run;
    }

    /** Why the call must not go to the gate, or empty if it may; then it counts. */
    Optional<CallOutcome.Refused> refusal(RequestedCall call) {
        if (round >= limits.callsPerRound() || isUsedUp()) {
            return refuse(Reason.TOO_MANY_TOOL_CALLS, "Too many tool calls; this one did not run.");
        }
        if (seen.merge(digest(call), 1, Integer::sum) > MAX_SAME_CALL) {
            return refuse(
                    Reason.REPEATED_CALL,
                    "The same call was made twice already; its answer is above.");
        }
        round++;
        run++;
        return Optional.empty();
    }

    private static Optional<CallOutcome.Refused> refuse(Reason reason, String sentence) {
        return Optional.of(new CallOutcome.Refused(reason, sentence));
    }

    /** Key order and white space make no other call. */
    private static String digest(RequestedCall call) {
        return call.name() + '\0' + Sha256.of(canonical(call));
    }

    private static byte[] canonical(RequestedCall call) {
        try {
            return CanonicalJson.write(StrictJson.read(call.argumentBytes()));
        } catch (MalformedJson e) {
            return call.argumentBytes(); // the gate refuses it, each time
        }
    }
}
