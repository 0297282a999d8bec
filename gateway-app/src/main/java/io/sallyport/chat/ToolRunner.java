package io.sallyport.chat;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallContext;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallResult;
import io.sallyport.gate.Gate;
import io.sallyport.gate.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the server calls of one round through the gate: neighbours that only read run together, all
 * others one after the other, and the reports come in call order.
 */
final class ToolRunner {
    /** So many reading calls of one run are under way at once, unless set otherwise. */
    static final int MAX_PARALLEL = 4;

    private final Gate gate;
    private final ExecutorService threads;
    private final ChatSettings settings;

    /**
     * @param threads makes a virtual thread per task
     */
    ToolRunner(Gate gate, ExecutorService threads, ChatSettings settings) {
        this.gate = gate;
        this.threads = threads;
        this.settings = settings;
    }

    /** Told while tools run. */
    interface Waiting {
        void keepAlive() throws InterruptedException;
    }

    private record Running(boolean readOnly, Future<CallReport> report) {}

    /** Runs {@code calls}, waits for all of them, and adds their reports to the run's ledger. */
    List<CallReport> run(RunSetup setup, List<RequestedCall> calls, Waiting waiting)
            throws InterruptedException {
        var reports = new ArrayList<CallReport>();
        for (var group : groups(calls, setup.offer())) {
            var running = start(setup, group);
            try {
                for (var call : running) {
                    var report = settled(setup, await(call, waiting));
                    setup.ledger().add(report);
                    reports.add(report);
                }
            } catch (InterruptedException | RuntimeException e) {
                leave(setup, running);
                throw e;
            }
        }
        return reports;
    }

    /**
     * The client is gone, or the run has failed: reading stops; what may change something ends and
     * is recorded if its intent is on disk, and does not run if it is not.
     */
    private static void leave(RunSetup setup, List<Running> group) {
        setup.ledger().abandon();
        for (var call : group) {
            if (call.readOnly()) {
                call.report().cancel(true);
            } else {
                setup.journal().leave(call.report());
            }
        }
    }

    /**
     * Waits for the call that was left, and adds its report as if nobody had gone; but one that was
     * not sent is made by whoever goes on.
     */
    void awaitLast(RunSetup setup) throws InterruptedException {
        setup.journal()
                .awaitLast()
                .ifPresent(it -> {
                    if (it.isUnsent()) {
                        setup.journal().addUnsent(it.call());
                    } else {
                        setup.ledger().add(settled(setup, it));
                    }
                });
    }

    /** What a tool said counts against the limits, in call order. */
    private static CallReport settled(RunSetup setup, CallReport report) {
        var results = setup.ledger().results();
        if (setup.journal().report(report.call()).isPresent()) {
            results.charge(report.toolsWord() ? report.text() : "");
            return report;
        }
        var settled = report.within(results);
        setup.journal().add(settled);
        return settled;
    }

    private static List<List<RequestedCall>> groups(List<RequestedCall> calls, ToolOffer offer) {
        var groups = new ArrayList<List<RequestedCall>>();
        var previousReads = false;
        for (var call : calls) {
            var reads = offer.isReadOnly(call.name());
            if (groups.isEmpty() || !reads || !previousReads) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(call);
            previousReads = reads;
        }
        return groups;
    }

    private List<Running> start(RunSetup setup, List<RequestedCall> group)
            throws InterruptedException {
        var permits = new Semaphore(settings.parallelCalls());
        var running = new ArrayList<Running>();
        for (var call : group) {
            var attempt = attempt(setup, call);
            Callable<CallReport> bounded = () -> within(permits, attempt);
            var readOnly = setup.offer().isReadOnly(call.name());
            running.add(new Running(readOnly, threads.submit(bounded)));
        }
        return running;
    }

    private static CallReport within(Semaphore permits, Callable<CallReport> attempt)
            throws Exception {
        permits.acquire();
        try {
            return attempt.call();
        } finally {
            permits.release();
        }
    }

    /** Limits are judged here, in call order; the gate is asked when the attempt runs. */
    private Callable<CallReport> attempt(RunSetup setup, RequestedCall call)
            throws InterruptedException {
        var refusal = setup.ledger().admission().refusal(call);
        var timeout = setup.callTimeout();
        var known = setup.journal().report(call);
        if (known.isPresent()) {
            setup.ledger().rememberCall(refusal.isEmpty());
            return known::get;
        }
        if (refusal.isPresent()) {
            return () -> report(setup, call, CallResult.unrecorded(refusal.get()), 0);
        }
        if (!timeout.isPositive()) {
            var over = refused(Reason.CANCELLED, "The run's time is over; the call did not run.");
            return () -> report(setup, call, over, 0);
        }
        var readOnly = setup.offer().isReadOnly(call.name());
        if (!readOnly) {
            setup.claim().beforeChange();
            setup.ledger().beginChange(call);
        }
        var context = setup.contextOf(call, readOnly, timeout);
        return () -> throughGate(setup, call, context);
    }

    private CallReport throughGate(RunSetup setup, RequestedCall call, CallContext context)
            throws InterruptedException {
        var begun = System.nanoTime();
        var result = result(new ToolCall(call.name(), call.argumentBytes()), context);
        return report(setup, call, result, (System.nanoTime() - begun) / 1_000_000);
    }

    /** A gate that breaks its promise not to throw may have sent the call: nothing is lost. */
    private CallResult result(ToolCall call, CallContext context) throws InterruptedException {
        try {
            return gate.call(call, context);
        } catch (RuntimeException | Error e) {
            Failures.log(context.requestId(), e);
            return refused(
                    Reason.INTERNAL_ERROR,
                    "The call failed inside the gateway; the tool may have run.");
        }
    }

    private static CallResult refused(Reason reason, String sentence) {
        return CallResult.unrecorded(new CallOutcome.Refused(reason, sentence));
    }

    private static CallReport report(
            RunSetup setup, RequestedCall call, CallResult result, long millis) {
        var offer = setup.offer();
        return CallReport.of(
                call, offer.ref(call.name()), offer.isReadOnly(call.name()), result, millis);
    }

    private CallReport await(Running running, Waiting waiting) throws InterruptedException {
        try {
            return awaitPatiently(running.report(), waiting);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a gate call failed", e.getCause());
        }
    }

    private CallReport awaitPatiently(Future<CallReport> report, Waiting waiting)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return report.get(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                waiting.keepAlive();
            }
        }
    }
}
