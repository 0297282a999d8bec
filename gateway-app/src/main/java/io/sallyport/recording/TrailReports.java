package io.sallyport.recording;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Result;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.AuditRecord.Tokens;
import io.sallyport.audit.AuditRecord.Turn;
import io.sallyport.audit.AuditRecord.What;
import io.sallyport.audit.AuditRecord.Who;
import io.sallyport.audit.RecordId;
import io.sallyport.identity.AuthFailures;
import io.sallyport.identity.Caller;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.threads.Deadlines;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records of what happens around calls: chat runs, refused requests, failed logins. */
public final class TrailReports implements RunRecords, Rejections, AuthFailures {
    private static final Logger LOG = LoggerFactory.getLogger(TrailReports.class);

    /** Sources that are told apart within a minute; all others count together. */
    private static final int SOURCES = 1_000;

    private static final byte[] NOT_SEALED = {};

    /** The request goes on with a run that another one has started, or gets its answer. */
    private static final String REPEATS = "repeats";

    private final AuditTrail trail;
    private final Payloads payloads;
    private final ArgumentsDigest digests;
    private final Executor workers;
    private final Clock clock;

    /** The starts of what has not ended, by its id. */
    private final Map<String, CompletableFuture<Appended>> open = new ConcurrentHashMap<>();

    private final Map<Source, Integer> repeated = new ConcurrentHashMap<>();
    private volatile Instant minute = Instant.EPOCH;

    private record Source(String address, String reason) {}

    /**
     * @param workers where a pseudonym is looked up that is not in memory: event loops report too,
     *     and never wait
     */
    public TrailReports(
            AuditTrail trail,
            Payloads payloads,
            ArgumentsDigest digests,
            Executor workers,
            Clock clock) {
        this.trail = trail;
        this.payloads = payloads;
        this.digests = digests;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Boolean> started(RunStart start) {
        var base = base(Kind.CHAT_REQUEST, start.principal(), start.requestId());
        var known = base.isDone();
        var request = base.thenCompose(it -> trail.submit(new TrailEntry.Fact(request(it, start))));
        open.put(id(start), request);
        return known ? isWritten(request) : inTime(request);
    }

    private static String id(RunStart start) {
        return start.repeats() ? start.attempt() : start.run();
    }

    /**
     * The end of a run whose start is not on disk is nothing; the trail ends one that comes late.
     */
    @Override
    public CompletableFuture<Boolean> finished(RunStart start, RunEnd end) {
        var request = open.remove(id(start));
        if (request == null) {
            return CompletableFuture.completedFuture(false);
        }
        return inTime(request.thenCompose(it -> ended(start, end, it)));
    }

    private CompletableFuture<Appended> ended(RunStart start, RunEnd end, Appended request) {
        return request instanceof Appended.Written(var id)
                ? base(Kind.CHAT_RESPONSE, start.principal(), start.requestId())
                        .thenCompose(it -> trail.submit(response(it.with(what(start)), end, id)))
                : CompletableFuture.completedFuture(request);
    }

    private static TrailEntry response(AuditRecord record, RunEnd end, RecordId request) {
        var result =
                Result.of(request, status(end), end.micros())
                        .with(end.status(), cause(end))
                        .with(new Tokens(end.promptTokens(), end.completionTokens()));
        return new TrailEntry.Outcome(
                record.with(result).with(Change.NONE.count(end.calls())), request, NOT_SEALED);
    }

    /** One time for the look-up and the write together: whoever is refused is refused in it. */
    private static CompletableFuture<Boolean> inTime(CompletableFuture<Appended> appended) {
        return Deadlines.completeLate(isWritten(appended), false, AuditTrail.PATIENCE);
    }

    private static CompletableFuture<Boolean> isWritten(CompletableFuture<Appended> appended) {
        return appended.thenApply(it -> it instanceof Appended.Written);
    }

    private static Status status(RunEnd end) {
        return switch (end.status()) {
            case "ok", "limit", "approval_required" -> Status.OK;
            default -> Status.INDETERMINATE;
        };
    }

    /** Why nobody knows what the model did; empty where the run came to its end. */
    private static String cause(RunEnd end) {
        if (status(end) == Status.OK) {
            return "";
        }
        return end.cause().isEmpty() ? end.status() : end.cause();
    }

    private static AuditRecord request(AuditRecord record, RunStart start) {
        var request = record.with(what(start));
        return start.repeats() ? request.with(Change.NONE.reason(REPEATS)) : request;
    }

    private static What what(RunStart start) {
        return What.op("chat/completions")
                .model(start.model())
                .with(new Turn(start.run(), AuditRecord.ABSENT, start.attempt()));
    }

    /** The record as of now; it fails only if the store does. */
    private CompletableFuture<AuditRecord> base(Kind kind, Principal principal, String requestId) {
        var tenant = principal.tenant().value();
        var now = AuditRecord.of(kind, tenant, clock.instant());
        return pseudonym(principal)
                .thenApply(it ->
                        now.with(Who.of(tenant, it, principal.credential(), "key"))
                                .with(new AuditRecord.Trace("", "", requestId)));
    }

    private CompletableFuture<String> pseudonym(Principal principal) {
        var tenant = principal.tenant();
        var subject = principal.subject();
        return payloads.knownPseudonym(tenant, subject)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() ->
                        CompletableFuture.supplyAsync(
                                () -> payloads.pseudonym(tenant, subject), workers));
    }

    @Override
    public void rejected(Caller caller, String face, String code) {
        var change = Change.of(face, "", "").reason(code);
        var _ =
                base(Kind.REQUEST_REJECTED, caller.principal(), caller.requestId())
                        .thenAccept(it -> trail.report(it.with(change)))
                        .exceptionally(TrailReports::lost);
    }

    /** Like every report it is lost with the store, and with nothing else. */
    private static @Nullable Void lost(Throwable failure) {
        LOG.warn("a rejection is not recorded: {}", failure.getClass().getSimpleName());
        return null;
    }

    /**
     * The first failure of a source and minute is written at once, the others with the next minute.
     */
    @Override
    public void failed(String source, String reason) {
        turnMinute();
        var key =
                repeated.size() < SOURCES
                        ? new Source(source, reason)
                        : new Source("others", reason);
        if (repeated.merge(key, 1, Integer::sum) == 1) {
            write(key, 1);
        }
    }

    private synchronized void turnMinute() {
        var now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (now.isAfter(minute)) {
            minute = now;
            repeated.forEach((source, count) -> writeRest(source, count - 1));
            repeated.clear();
        }
    }

    private void writeRest(Source source, int count) {
        if (count > 0) {
            write(source, count);
        }
    }

    private void write(Source source, int count) {
        var address = digests.of(source.address().getBytes(StandardCharsets.UTF_8));
        trail.report(
                AuditRecord.of(Kind.AUTH_FAILED, TenantId.SYSTEM.value(), clock.instant())
                        .with(Who.stranger(address))
                        .with(Change.NONE.count(count).reason(source.reason())));
    }
}
