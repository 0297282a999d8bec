package io.sallyport.gate;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.RecordId;
import io.sallyport.bridge.Await;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.error.Reason;
import io.sallyport.gate.AuditTrail.Appended;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Steps 8 to 10: the call, its result, and the outcome that is durable before anyone sees it. */
final class UpstreamLeg {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLeg.class);

    /** The largest reply of one tools/call. */
    private static final long MAX_REPLY_BYTES = 4L * 1024 * 1024;

    /** MCP 2026-07-28, MissingRequiredClientCapabilityError. */
    private static final int MISSING_CAPABILITY = -32021;

    private final UpstreamServers servers;
    private final Validators validators;
    private final AuditTrail trail;
    private final CallRecords records;

    UpstreamLeg(GateParts parts) {
        servers = parts.servers();
        validators = parts.validators();
        trail = parts.trail();
        records = parts.records();
    }

    /** Sends the call whose intent is on disk; never throws. */
    CallOutcome run(AdmittedCall call, RecordId intent, Permit permit) {
        var start = System.nanoTime();
        var ending = send(call);
        var micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        settle(permit, ending, micros);
        return record(call, intent, ending, micros);
    }

    /** How the leg ended, before it is recorded. */
    sealed interface Ending {
        Status status();

        record Answered(Status status, JsonNode result, int size) implements Ending {}

        /** The upstream waits for answers. */
        record Asked(JsonNode result, Continuation continuation) implements Ending {
            @Override
            public Status status() {
                return Status.INPUT_REQUIRED;
            }
        }

        /** Updates may be heard from now on. */
        record Watching(Flux<ServerChange> updates) implements Ending {
            @Override
            public Status status() {
                return Status.OK;
            }
        }

        /** The upstream answered something other than a tools/call with an error. */
        record Rejected(int code, Optional<JsonNode> required) implements Ending {
            @Override
            public Status status() {
                return Status.TOOL_ERROR;
            }
        }

        record Broken(Status status, Reason reason, boolean sent) implements Ending {}
    }

    private Ending send(AdmittedCall call) {
        if (call.call() instanceof ResourceSubscription(var uri)) {
            return watching(call, uri);
        }
        try {
            var request =
                    new UpstreamRequest(
                            call.call().method(),
                            call.params(),
                            RelayedEnvelope.of(call, listener(call)),
                            call.context().timeout(),
                            MAX_REPLY_BYTES);
            return judge(call, Await.one(servers.of(call.server()).call(request)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ending.Broken(Status.CANCELLED, Reason.CANCELLED, true);
        } catch (RuntimeException e) {
            LOG.error("upstream leg: {}", e.getClass().getSimpleName());
            return new Ending.Broken(Status.UNREACHABLE, Reason.UPSTREAM_ERROR, true);
        }
    }

    private UpstreamListener listener(AdmittedCall call) {
        return new RecordingListener(
                call.context().peer().listener(), trail, method -> records.unasked(call, method));
    }

    private Ending watching(AdmittedCall call, String uri) {
        var wanted = new ChangeSubscription(Set.of(uri));
        return new Ending.Watching(servers.of(call.server()).changes(wanted));
    }

    private Ending judge(AdmittedCall call, UpstreamReply reply) {
        return switch (reply) {
            case UpstreamReply.Result(var result, var size) -> judge(call, result, size);
            case UpstreamReply.InputRequired(var result, var continuation, _) ->
                    asked(call, result, continuation);
            case UpstreamReply.RpcError refusal -> rejected(call, refusal);
            case UpstreamReply.Failed(var failure, var sent) -> broken(failure, sent);
        };
    }

    /** A tool's own error says nothing to a caller, but for what the client would have to be. */
    private static Ending rejected(AdmittedCall call, UpstreamReply.RpcError refusal) {
        return call.call() instanceof ToolCall && refusal.code() != MISSING_CAPABILITY
                ? new Ending.Broken(Status.TOOL_ERROR, Reason.UPSTREAM_ERROR, true)
                : new Ending.Rejected(
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
        return new Ending.Broken(Status.UNREACHABLE, Reason.UPSTREAM_PROTOCOL_ERROR, true);
    }

    /** Nobody will answer any more; a server that waits on its stream is told so. */
    void abandon(McpServer server, Continuation continuation) {
        switch (continuation) {
            case Continuation.Parked parked -> servers.of(server).abandon(parked);
            case Continuation.State _ -> {
                // such a server keeps nothing
            }
        }
    }

    private Ending judge(AdmittedCall call, JsonNode result, int size) {
        if (!result.isObject()) {
            return new Ending.Broken(Status.UNREACHABLE, Reason.UPSTREAM_PROTOCOL_ERROR, true);
        }
        if (call.call() instanceof ToolCall && result.path("isError").asBoolean(false)) {
            return new Ending.Answered(Status.TOOL_ERROR, result, size);
        }
        return conforms(call, result)
                ? new Ending.Answered(Status.OK, result, size)
                : new Ending.Broken(Status.REFUSED, Reason.OUTPUT_SCHEMA_VIOLATION, true);
    }

    private boolean conforms(AdmittedCall call, JsonNode result) {
        return switch (call.target()) {
            case Target.Tool(var tool, _) -> conforms(tool.listed(), result);
            case Target.Content _ -> true;
        };
    }

    private boolean conforms(ToolDescriptor descriptor, JsonNode result) {
        if (!descriptor.tree().has("outputSchema")) {
            return true;
        }
        return validators
                .output(descriptor)
                .map(it -> it.validate(result.path("structuredContent")).isEmpty())
                .orElse(false);
    }

    private static Ending broken(UpstreamFailure failure, boolean sent) {
        var status = sent ? Status.UNREACHABLE : Status.NOT_SENT;
        return switch (failure) {
            case TIMED_OUT -> new Ending.Broken(Status.TIMEOUT, Reason.UPSTREAM_TIMEOUT, sent);
            case UNREACHABLE, HTTP_ERROR, SERVER_ERROR, DECLINED ->
                    new Ending.Broken(status, Reason.UPSTREAM_ERROR, sent);
            case PROTOCOL_ERROR -> new Ending.Broken(status, Reason.UPSTREAM_PROTOCOL_ERROR, sent);
            case REDIRECT -> new Ending.Broken(status, Reason.UPSTREAM_REDIRECT, sent);
            case RESPONSE_TOO_LARGE -> new Ending.Broken(status, Reason.RESPONSE_TOO_LARGE, sent);
            case EGRESS_DENIED -> new Ending.Broken(Status.NOT_SENT, Reason.EGRESS_DENIED, false);
        };
    }

    private static void settle(Permit permit, Ending ending, long micros) {
        switch (ending) {
            case Ending.Watching _ -> permit.leaveUnused();
            case Ending.Answered _, Ending.Asked _, Ending.Rejected _ ->
                    permit.leaveAnswered(micros);
            case Ending.Broken(_, var reason, _) when isSilence(reason) ->
                    permit.leaveFailed(micros);
            case Ending.Broken(_, var reason, _) when reason == Reason.CANCELLED ->
                    permit.leaveUnused();
            case Ending.Broken _ -> permit.leaveAnswered(micros);
        }
    }

    private static boolean isSilence(Reason reason) {
        return reason == Reason.UPSTREAM_TIMEOUT || reason == Reason.UPSTREAM_ERROR;
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
                "The tool ran, but its outcome cannot be recorded now; the result is"
                        + " withheld. Do not repeat the call.",
                List.of(),
                Optional.of(intent.toString()));
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
                        case NONE,
                                TOOL_ERROR,
                                REFUSED,
                                NOT_SENT,
                                TIMEOUT,
                                CANCELLED,
                                UNREACHABLE,
                                CLIENT_GONE,
                                INPUT_REQUIRED,
                                INDETERMINATE ->
                                new CallOutcome.ToolFailed(tool, result, record, micros);
                    };
            case Ending.Asked(var result, var continuation) ->
                    new CallOutcome.InputRequired(tool, result, continuation, record, micros);
            case Ending.Watching(var updates) ->
                    new CallOutcome.Watching(tool, updates, record, micros);
            case Ending.Rejected(var code, var required) ->
                    new CallOutcome.RejectedUpstream(tool, code, required, record, micros);
            case Ending.Broken(_, var reason, var sent) ->
                    broken(tool, reason, sent, record, micros);
        };
    }

    private static CallOutcome broken(
            ToolRef tool, Reason reason, boolean sent, Optional<String> record, long micros) {
        return switch (reason) {
            case UPSTREAM_TIMEOUT -> new CallOutcome.TimedOut(tool, record, micros);
            case CANCELLED -> new CallOutcome.Cancelled(tool, record, micros);
            case OUTPUT_SCHEMA_VIOLATION ->
                    new CallOutcome.Refused(
                            reason,
                            "The tool's result does not match its own output schema.",
                            List.of(),
                            record);
            case null, default -> new CallOutcome.Unreachable(tool, reason, sent, record, micros);
        };
    }
}
