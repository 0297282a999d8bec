package io.sallyport.gate;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.RecordId;
import io.sallyport.bridge.Await;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.gate.UpstreamServers.Connected;
import io.sallyport.gate.Validators.Conformity;
import io.sallyport.policy.ToolRef;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Steps 8 to 10: the call, its result, and the outcome that is durable before anyone sees it. */
final class UpstreamRoundTrip {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamRoundTrip.class);

    /** The largest reply of one tools/call. */
    private static final long MAX_REPLY_BYTES = 4L * 1024 * 1024;

    /** MCP 2026-07-28, MissingRequiredClientCapabilityError. */
    private static final int MISSING_CAPABILITY = -32021;

    private final UpstreamServers servers;
    private final UnderWay underWay;
    private final Validators validators;
    private final AuditTrail trail;
    private final CallRecords records;

    UpstreamRoundTrip(
            UpstreamServers servers,
            UnderWay underWay,
            Validators validators,
            AuditTrail trail,
            CallRecords records) {
        this.servers = servers;
        this.underWay = underWay;
        this.validators = validators;
        this.trail = trail;
        this.records = records;
    }

    /** Sends the call whose intent is on disk; never throws. */
    CallOutcome run(AdmittedCall call, RecordId intent, Permit permit) {
        var start = System.nanoTime();
        var ending = send(call, intent);
        var micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        permit.leave(ending.health(), micros);
        return record(call, intent, ending, micros);
    }

    /** What breaks this process breaks on, but not before the call has its end. */
    private Ending send(AdmittedCall call, RecordId intent) {
        try {
            return send(call);
        } catch (Error e) {
            var _ = trail.submit(records.bareOutcome(call, intent, Status.INDETERMINATE, 0));
            throw e;
        }
    }

    private Ending send(AdmittedCall call) {
        if (call.call() instanceof ResourceSubscription(var uri)) {
            return through(call, it -> watching(call, it, uri));
        }
        var gone = call.context().client().gone().getAsBoolean();
        var ending = gone ? left() : through(call, it -> ask(call, it));
        return ending instanceof Ending.Broken broken && call.call().continued().isPresent()
                ? broken.inALaterLeg()
                : ending;
    }

    /** Its client left while the intent was being written, so it is not begun. */
    private static Ending left() {
        return Ending.Broken.unsent(Reason.CANCELLED, Cause.CLIENT_GONE);
    }

    private Ending through(AdmittedCall call, Function<Connected, Ending> step) {
        return connected(call.server())
                .filter(it -> isReviewed(call, it))
                .map(step)
                .orElseGet(() -> Ending.Broken.unsent(Reason.UPSTREAM_ERROR, Cause.GATEWAY));
    }

    /** Empty if its credential cannot be read: then nothing leaves. */
    private Optional<Connected> connected(McpServer server) {
        try {
            return Optional.of(servers.of(server));
        } catch (RuntimeException e) {
            LOG.error("no way to {}: {}", server.slug(), e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /**
     * A program that took the place of the reviewed one since gets no call that was meant for it.
     */
    private static boolean isReviewed(AdmittedCall call, Connected server) {
        var isReviewed = server.launch().equals(call.launch());
        if (!isReviewed) {
            LOG.warn("another program of {} than was reviewed is running", call.server().slug());
        }
        return isReviewed;
    }

    private Ending ask(AdmittedCall call, Connected server) {
        try {
            var request =
                    new UpstreamRequest(
                            call.call().method(),
                            call.params(),
                            RelayedEnvelope.of(call, listener(call)),
                            call.context().timeout(),
                            MAX_REPLY_BYTES);
            var reply = Await.one(underWay.untilStopped(call, server.upstream().call(request)));
            return reply.isPresent() ? judge(call, reply.get(), server.renderer()) : stopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return underWay.isStopped(call) ? stopped() : cancelled();
        } catch (RuntimeException e) {
            LOG.error("upstream leg: {}", e.getClass().getSimpleName());
            return Ending.Broken.sent(Reason.UPSTREAM_ERROR, Cause.GATEWAY);
        }
    }

    private static Ending cancelled() {
        return Ending.Broken.sent(Reason.CANCELLED, Cause.CANCELLED);
    }

    private static Ending stopped() {
        return Ending.Broken.sent(Reason.STOPPED, Cause.STOPPED);
    }

    private UpstreamListener listener(AdmittedCall call) {
        return new RecordingListener(
                call, underWay, trail, method -> records.unasked(call, method));
    }

    private Ending watching(AdmittedCall call, Connected server, String uri) {
        var envelope = RelayedEnvelope.of(call, UpstreamListener.SILENT);
        var told = server.upstream().changes(new ChangeSubscription(envelope, Set.of(uri)));
        return new Ending.Watching(underWay.untilStopped(call, told));
    }

    private Ending judge(AdmittedCall call, UpstreamReply reply, PeerText renderer)
            throws InterruptedException {
        return switch (reply) {
            case UpstreamReply.Result(var result, _, var mended) -> judge(call, result, mended);
            case UpstreamReply.InputRequired(var result, var continuation, _) ->
                    asked(call, result, continuation);
            case UpstreamReply.RpcError refusal -> rejected(call, refusal, renderer);
            case UpstreamReply.TooLarge(var oversize) -> Ending.tooLarge(oversize);
            case UpstreamReply.Failed(var failure, var sent) -> Ending.broken(failure, sent);
        };
    }

    /** An answer like any other, unless it says what the client would have to be. */
    private static Ending rejected(
            AdmittedCall call, UpstreamReply.RpcError refusal, PeerText renderer) {
        if (call.call() instanceof ToolCall && refusal.code() != MISSING_CAPABILITY) {
            return new Ending.Failed(RpcErrorResult.of(call.server().slug(), refusal, renderer));
        }
        return new Ending.Rejected(
                refusal.code(), refusal.data().map(it -> it.path("requiredCapabilities")));
    }

    /** A server may ask only for what it was told of; otherwise nothing of it is passed on. */
    private Ending asked(AdmittedCall call, JsonNode result, Continuation continuation) {
        var unasked = Declared.unasked(call, result);
        if (unasked.isEmpty()) {
            return new Ending.Asked(result, continuation);
        }
        trail.report(records.unasked(call, unasked.get()));
        abandon(call.server(), continuation);
        return Ending.Broken.answered(
                Status.INDETERMINATE, Reason.UPSTREAM_PROTOCOL_ERROR, Cause.WRONG_ENVELOPE);
    }

    /** Nobody will answer any more; a server that waits on its stream is told so. */
    void abandon(McpServer server, Continuation continuation) {
        switch (continuation) {
            case Continuation.Parked parked ->
                    connected(server).ifPresent(it -> it.upstream().abandon(parked));
            case Continuation.State _ -> {
                // such a server keeps nothing
            }
        }
    }

    private Ending judge(AdmittedCall call, JsonNode result, boolean mended)
            throws InterruptedException {
        if (!result.isObject()) {
            return Ending.Broken.answered(
                    Status.INDETERMINATE, Reason.UPSTREAM_PROTOCOL_ERROR, Cause.WRONG_ENVELOPE);
        }
        if (call.call() instanceof ToolCall && result.path("isError").asBoolean(false)) {
            return new Ending.Answered(Status.TOOL_ERROR, result, mended);
        }
        return switch (conformity(call, result)) {
            case CONFORMS ->
                    new Ending.Answered(
                            Status.OK, CompletionValues.permitted(call, result), mended);
            case VIOLATES ->
                    new Ending.Withheld(
                            Reason.OUTPUT_SCHEMA_VIOLATION,
                            Cause.OUTPUT_SCHEMA,
                            "The tool ran, but its result does not match its own output schema, so"
                                    + " it is withheld. Do not repeat the call.");
            case UNJUDGED ->
                    new Ending.Withheld(
                            Reason.OVERLOADED,
                            Cause.OVERLOADED,
                            "The tool ran, but its result could not be checked now, so it is"
                                    + " withheld. Do not repeat the call.");
        };
    }

    private Conformity conformity(AdmittedCall call, JsonNode result) throws InterruptedException {
        return switch (call.target()) {
            case Target.Tool(var tool, _) ->
                    tool.listed().outputSchema().isMissingNode()
                            ? Conformity.CONFORMS
                            : validators.conformity(
                                    call.view().tenant(), tool, result.path("structuredContent"));
            case Target.Content _ -> Conformity.CONFORMS;
        };
    }

    private CallOutcome record(AdmittedCall call, RecordId intent, Ending ending, long micros) {
        var entry = entry(call, intent, ending, micros);
        return switch (appendFirmly(entry)) {
            case Appended.Written _ ->
                    outcome(call.target().ref(), ending, intent.toString(), micros);
            case Appended.Duplicate _, Appended.Stale _, Appended.Unavailable _ ->
                    withheld(call, intent, ending);
        };
    }

    /** What cannot be recorded is shown to nobody, and so nobody can answer it. */
    private CallOutcome withheld(AdmittedCall call, RecordId intent, Ending ending) {
        if (ending instanceof Ending.Asked(_, var continuation)) {
            abandon(call.server(), continuation);
        }
        return new CallOutcome.Refused(
                Reason.OUTCOME_UNRECORDED,
                unrecorded(ending),
                List.of(),
                Optional.of(intent.toString()));
    }

    private static String unrecorded(Ending ending) {
        return ending instanceof Ending.Broken broken
                ? broken.sentence() + " Its outcome cannot be recorded now."
                : "The tool ran, but its outcome cannot be recorded now; the result is withheld. Do"
                        + " not repeat the call.";
    }

    /** If the result cannot be sealed, the outcome is written without it: the tool has run. */
    private TrailEntry entry(AdmittedCall call, RecordId intent, Ending ending, long micros) {
        try {
            return records.outcome(call, intent, ending, micros);
        } catch (RuntimeException e) {
            LOG.error("outcome of {}: {}", intent, e.getClass().getSimpleName());
            return records.bareOutcome(call, intent, ending.status(), micros);
        }
    }

    /** Waits for the outcome even if the caller has gone: the tool may have run. */
    private Appended appendFirmly(TrailEntry entry) {
        var interrupted = Thread.interrupted();
        var written = trail.submit(entry);
        var deadline = System.nanoTime() + AuditTrail.PATIENCE.toNanos();
        try {
            while (true) {
                try {
                    return written.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | TimeoutException _) {
            return new Appended.Unavailable();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static CallOutcome outcome(ToolRef tool, Ending ending, String intent, long micros) {
        var record = Optional.of(intent);
        return switch (ending) {
            case Ending.Answered(var status, var result, _) ->
                    switch (status) {
                        case OK -> new CallOutcome.Completed(tool, result, record, micros);
                        case NONE, TOOL_ERROR, REFUSED, NOT_SENT, INPUT_REQUIRED, INDETERMINATE ->
                                new CallOutcome.ToolFailed(tool, result, record, micros);
                    };
            case Ending.Failed(var result) ->
                    new CallOutcome.ToolFailed(tool, result, record, micros);
            case Ending.Asked(var result, var continuation) ->
                    new CallOutcome.InputRequired(tool, result, continuation, record, micros);
            case Ending.Watching(var updates) ->
                    new CallOutcome.Watching(tool, updates, record, micros);
            case Ending.Rejected(var code, var required) ->
                    new CallOutcome.RejectedUpstream(tool, code, required, record, micros);
            case Ending.Withheld(var reason, _, var sentence) ->
                    new CallOutcome.Withheld(tool, reason, sentence, record, micros);
            case Ending.Broken broken -> broken(tool, broken, record, micros);
        };
    }

    private static CallOutcome broken(
            ToolRef tool, Ending.Broken ending, Optional<String> record, long micros) {
        var reason = ending.reason();
        if (reason == Reason.CANCELLED && ending.sent()) {
            return new CallOutcome.Cancelled(tool, record, micros);
        }
        return reason == Reason.UPSTREAM_TIMEOUT && ending.sent()
                ? new CallOutcome.TimedOut(tool, record, micros)
                : new CallOutcome.Unreachable(
                        tool, reason, ending.sent(), ending.sentence(), record, micros);
    }
}
