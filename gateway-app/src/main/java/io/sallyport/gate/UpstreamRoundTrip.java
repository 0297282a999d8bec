package io.sallyport.gate;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.RecordId;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.McpServer;
import io.sallyport.egress.Oversize;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome.Attempted;
import io.sallyport.gate.CallOutcome.Completed;
import io.sallyport.gate.CallOutcome.InputRequired;
import io.sallyport.gate.CallOutcome.NoAnswer;
import io.sallyport.gate.CallOutcome.RejectedUpstream;
import io.sallyport.gate.CallOutcome.RpcFailed;
import io.sallyport.gate.CallOutcome.ToolFailed;
import io.sallyport.gate.CallOutcome.Withheld;
import io.sallyport.gate.Circuits.Health;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.gate.SubscriptionResult.NotWatching;
import io.sallyport.gate.SubscriptionResult.Watching;
import io.sallyport.gate.UpstreamServers.Connected;
import io.sallyport.gate.Validators.Conformity;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import io.sallyport.threads.Await;
import io.sallyport.threads.Deadlines;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
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
    CallResult run(AdmittedCall call, RecordId intent, Permit permit) {
        var start = System.nanoTime();
        return ended(call, intent, permit, send(call, intent), start);
    }

    private CallResult ended(
            AdmittedCall call, RecordId intent, Permit permit, Attempted outcome, long start) {
        var micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        permit.leave(health(outcome), micros);
        return record(call, intent, outcome, micros);
    }

    /** A server that answers is well, whatever it says. */
    private static Health health(Attempted outcome) {
        return outcome instanceof NoAnswer(var cause, _) ? cause.health() : Health.ANSWERS;
    }

    /** What breaks this process breaks on, but not before the call has its end. */
    private Attempted send(AdmittedCall call, RecordId intent) {
        try {
            return call.context().client().gone().getAsBoolean() ? left() : send(call);
        } catch (Error e) {
            var _ = trail.submit(records.bareOutcome(call, intent, Status.INDETERMINATE, 0));
            throw e;
        }
    }

    /** Its client left while the intent was being written, so it is not begun. */
    private static Attempted left() {
        return new NoAnswer(Cause.CLIENT_GONE, false);
    }

    private Attempted send(AdmittedCall call) {
        return reviewed(call)
                .map(it -> ask(call, it))
                .orElseGet(() -> new NoAnswer(Cause.GATEWAY, false));
    }

    private Optional<Connected> reviewed(AdmittedCall call) {
        return connected(call.server()).filter(it -> isReviewed(call, it));
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

    private Attempted ask(AdmittedCall call, Connected server) {
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
            return new NoAnswer(Cause.GATEWAY, true);
        }
    }

    private static Attempted cancelled() {
        return new NoAnswer(Cause.CANCELLED, true);
    }

    private static Attempted stopped() {
        return new NoAnswer(Cause.STOPPED, true);
    }

    private UpstreamListener listener(AdmittedCall call) {
        return new RecordingListener(
                call, underWay, trail, method -> records.unasked(call, method));
    }

    private Attempted judge(AdmittedCall call, UpstreamReply reply, PeerText renderer)
            throws InterruptedException {
        return switch (reply) {
            case UpstreamReply.Result(var result, _, var mended) -> judge(call, result, mended);
            case UpstreamReply.InputRequired(var result, var continuation, _) ->
                    asked(call, result, continuation);
            case UpstreamReply.RpcError refusal -> rejected(call, refusal, renderer);
            case UpstreamReply.TooLarge(var oversize) -> tooLarge(oversize);
            case UpstreamReply.Failed(var failure, var sent) -> NoAnswer.of(failure, sent);
        };
    }

    /** An answer like any other, unless it says what the client would have to be. */
    private static Attempted rejected(
            AdmittedCall call, UpstreamReply.RpcError refusal, PeerText renderer) {
        if (call.call() instanceof ToolCall && refusal.code() != MISSING_CAPABILITY) {
            return new RpcFailed(RpcErrorResult.of(call.server().slug(), refusal, renderer));
        }
        return new RejectedUpstream(
                refusal.code(), refusal.data().map(it -> it.path("requiredCapabilities")));
    }

    private static Attempted tooLarge(Oversize oversize) {
        return new Withheld(
                Cause.TOO_LARGE,
                "The tool ran, but its answer of "
                        + (oversize.announced() ? "" : "more than ")
                        + oversize.bytes()
                        + " bytes is over the limit of "
                        + oversize.limit()
                        + " bytes, so it is withheld. Do not repeat the call.");
    }

    /** A server may ask only for what it was told of; otherwise nothing of it is passed on. */
    private Attempted asked(AdmittedCall call, JsonNode result, Continuation continuation) {
        var unasked = Declared.unasked(call, result);
        if (unasked.isEmpty()) {
            var asker = call.server().transport().place();
            return new InputRequired(call.target().ref(), result, continuation, asker);
        }
        trail.report(records.unasked(call, unasked.get()));
        abandon(call.server(), continuation);
        return new NoAnswer(Cause.WRONG_ENVELOPE, true);
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

    private Attempted judge(AdmittedCall call, JsonNode result, boolean mended)
            throws InterruptedException {
        if (!result.isObject()) {
            return new NoAnswer(Cause.WRONG_ENVELOPE, true);
        }
        if (call.call() instanceof ToolCall && result.path("isError").asBoolean(false)) {
            return new ToolFailed(result, mended);
        }
        return switch (conformity(call, result)) {
            case CONFORMS -> new Completed(CompletionValues.permitted(call, result), mended);
            case VIOLATES ->
                    new Withheld(
                            Cause.OUTPUT_SCHEMA,
                            "The tool ran, but its result does not match its own output schema, so"
                                    + " it is withheld. Do not repeat the call.");
            case UNJUDGED ->
                    new Withheld(
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

    private CallResult record(AdmittedCall call, RecordId intent, Attempted outcome, long micros) {
        var entry =
                sealed(
                        intent,
                        () -> records.outcome(call, intent, outcome, micros),
                        () ->
                                records.bareOutcome(
                                        call, intent, CallRecords.status(outcome), micros));
        return switch (appendFirmly(entry)) {
            case Appended.Written _ -> new CallResult(outcome, Optional.of(intent.toString()));
            case Appended.Duplicate _, Appended.Stale _, Appended.Unavailable _ ->
                    withheld(call, intent, outcome);
        };
    }

    /** What cannot be recorded is shown to nobody, and so nobody can answer it. */
    private CallResult withheld(AdmittedCall call, RecordId intent, Attempted outcome) {
        if (outcome instanceof InputRequired(_, _, var continuation, _)) {
            abandon(call.server(), continuation);
        }
        return unrecorded(intent, unrecorded(outcome));
    }

    private static CallResult unrecorded(RecordId intent, String sentence) {
        return new CallResult(
                new CallOutcome.Refused(Reason.OUTCOME_UNRECORDED, sentence),
                Optional.of(intent.toString()));
    }

    private static String unrecorded(Attempted outcome) {
        return outcome instanceof NoAnswer none
                ? none.sentence() + " Its outcome cannot be recorded now."
                : "The tool ran, but its outcome cannot be recorded now; the result is withheld. Do"
                        + " not repeat the call.";
    }

    /** What was done; if that cannot be sealed, then how it ended without it: the tool has run. */
    private static TrailEntry sealed(
            RecordId intent, Supplier<TrailEntry> whole, Supplier<TrailEntry> bare) {
        try {
            return whole.get();
        } catch (RuntimeException e) {
            LOG.error("outcome of {}: {}", intent, e.getClass().getSimpleName());
            return bare.get();
        }
    }

    /** Waits for the outcome even if the caller has gone: the tool may have run. */
    private Appended appendFirmly(TrailEntry entry) {
        var interrupted = Thread.interrupted();
        var told =
                Deadlines.completeLate(
                        trail.submit(entry).copy(),
                        new Appended.Unavailable(),
                        AuditTrail.PATIENCE);
        try {
            while (true) {
                try {
                    return told.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException _) {
            return new Appended.Unavailable();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Its intent is on disk; nothing is asked of the server before somebody listens. */
    SubscriptionResult subscribe(AdmittedCall call, RecordId intent, Permit permit) {
        var start = System.nanoTime();
        var server = reviewed(call);
        if (server.isEmpty()) {
            var none = new NoAnswer(Cause.GATEWAY, false);
            return new NotWatching(ended(call, intent, permit, none, start));
        }
        permit.leaveUnused();
        var micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        var entry =
                sealed(
                        intent,
                        () -> records.subscribed(call, intent, micros),
                        () -> records.bareOutcome(call, intent, Status.OK, micros));
        return switch (appendFirmly(entry)) {
            case Appended.Written _ -> new Watching(updates(call, server.get()), intent.toString());
            case Appended.Duplicate _, Appended.Stale _, Appended.Unavailable _ ->
                    new NotWatching(unrecorded(intent, "The subscription cannot be recorded now."));
        };
    }

    private Flux<ServerChange> updates(AdmittedCall call, Connected server) {
        var envelope = RelayedEnvelope.of(call, UpstreamListener.SILENT);
        var uris = Set.of(call.call().name());
        var told = server.upstream().changes(new ChangeSubscription(envelope, uris));
        return underWay.untilStopped(call, told);
    }
}
