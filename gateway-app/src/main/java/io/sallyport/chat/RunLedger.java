package io.sallyport.chat;

import io.sallyport.provider.RunLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has happened in one run so far. Written by the run's own thread; only {@link #end}, {@link
 * #isAbandoned} and {@link #mayHaveSideEffects} are for others too.
 */
final class RunLedger {
    /** What ends a run. Its record, its claim and what its client is told follow from it. */
    enum End {
        /** Nothing yet. */
        OPEN,
        /** The whole answer is there. */
        ANSWERED,
        FAILED,
        /** An admin stopped whoever asked. */
        STOPPED,
        TIMED_OUT,
        /** The client has gone. */
        LEFT,
        /** The gateway stops. */
        CUT_OFF
    }

    private final String run;
    private final Set<String> warnings;
    private final CallAdmission admission;
    private final ResultBudget results;
    private final UsageSum usage = new UsageSum();
    private final UsageSum spent = new UsageSum();
    private final List<String> texts = new ArrayList<>();
    private final List<CallReport> calls = new ArrayList<>();
    private Optional<String> limit = Optional.empty();
    private int rounds;
    private int rememberedRounds;
    private int rememberedCalls;
    private volatile boolean abandoned;
    private final Set<String> changes = new HashSet<>();
    private boolean changing; // guarded by this, as is what ended it
    private End end = End.OPEN;

    RunLedger(String run, RunLimits limits, List<String> warnings) {
        this.run = run;
        this.warnings = new LinkedHashSet<>(warnings);
        admission = new CallAdmission(limits);
        results = new ResultBudget(limits);
    }

    CallAdmission admission() {
        return admission;
    }

    ResultBudget results() {
        return results;
    }

    UsageSum usage() {
        return usage;
    }

    /** What this part of the run has cost; the parts before it have records of their own. */
    UsageSum spent() {
        return spent;
    }

    /** Rounds of this part of the run. */
    int newRounds() {
        return rounds - rememberedRounds;
    }

    /** Calls of this part of the run that went to the gate. */
    int newCalls() {
        return admission.calls() - rememberedCalls;
    }

    /**
     * The call was made in an earlier part of the run.
     *
     * @param counted whether it counts among those that went to the gate
     */
    void rememberCall(boolean counted) {
        rememberedCalls += counted ? 1 : 0;
    }

    /** The round was answered in an earlier part of the run. */
    void remember(Round round) {
        rememberedRounds++;
        count(round);
    }

    void add(Round round) {
        spent.add(round.usage());
        count(round);
    }

    private void count(Round round) {
        rounds++;
        usage.add(round.usage());
        if (!round.text().isEmpty()) {
            texts.add(round.text());
        }
    }

    void add(CallReport report) {
        calls.add(report);
        changes.remove(report.call().id());
    }

    /**
     * A call that is not read-only goes to the gate.
     *
     * @throws InterruptedException if the run has ended: what was told of it must stay true
     */
    synchronized void beginChange(RequestedCall call) throws InterruptedException {
        if (end != End.OPEN) {
            throw new InterruptedException("the run has ended");
        }
        changes.add(call.id());
        changing = true;
    }

    /** A call of an earlier part of the run may have changed something. */
    synchronized void rememberChange() {
        changing = true;
    }

    /** Whether a call may have changed something, in the ledger or not; final after the end. */
    synchronized boolean mayHaveSideEffects() {
        return changing;
    }

    /** Ends the run, unless it has ended; returns what ended it. */
    synchronized End end(End by) {
        if (end == End.OPEN) {
            end = by;
        }
        return end;
    }

    /** Nobody waits for the answer any more, so no further call may begin. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Tells the client of what was left out. */
    void warn(String warning) {
        warnings.add(warning);
    }

    void reached(String name) {
        limit = Optional.of(name);
    }

    Optional<String> limit() {
        return limit;
    }

    int rounds() {
        return rounds;
    }

    /** The texts of all rounds, joined by a blank line, or of the last one only. */
    String text(boolean onlyLast, Round last) {
        return onlyLast ? last.text() : String.join("\n\n", texts);
    }

    /** Whether a call of this part may have changed something, whether or not it has ended. */
    boolean hasSideEffects() {
        return !changes.isEmpty() || calls.stream().anyMatch(CallReport::sideEffects);
    }

    private boolean awaitsApproval() {
        return calls.stream().anyMatch(it -> !it.approvals().isEmpty());
    }

    /** The status of a run that ended with an answer, as its record has it. */
    String status() {
        if (awaitsApproval()) {
            return "approval_required";
        }
        return limit.isPresent() ? "limit" : "ok";
    }

    /** The member {@code x_sallyport} of the answer. */
    ObjectNode report() {
        var report = JsonNodeFactory.instance.objectNode();
        report.put("run_id", run);
        report.put("status", awaitsApproval() ? "approval_required" : "ok");
        report.put("rounds", rounds);
        var entries = report.putArray("tool_calls");
        calls.forEach(it -> entries.add(it.entry()));
        if (awaitsApproval()) {
            calls.forEach(it -> addApprovals(report.withArray("approvals"), it));
        }
        limit.ifPresent(it -> report.put("limit", it));
        if (usage.isPartial()) {
            report.put("usage_partial", true);
        }
        if (!warnings.isEmpty()) {
            warnings.forEach(report.putArray("warnings")::add);
        }
        return report;
    }

    private static void addApprovals(ArrayNode approvals, CallReport call) {
        call.approvals().forEach(approvals::add);
    }
}
