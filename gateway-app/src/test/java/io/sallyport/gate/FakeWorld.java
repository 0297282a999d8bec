package io.sallyport.gate;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.RecordId;
import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditedCall;
import io.sallyport.recording.Payloads;
import io.sallyport.recording.StoreFailure;
import io.sallyport.recording.TrailEntry;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Everything that the gate has an effect on, as fakes that write down in which order it had them.
 */
final class FakeWorld
        implements Governance,
                ListFreshness,
                Approvals,
                AuditTrail,
                Payloads,
                UpstreamServers,
                McpUpstream {
    static final RecordId RECORD = RecordId.parse("w:1:1").orElseThrow();

    /** The program that listed the server. */
    static final String LISTED_BY = "sha256:reviewed";

    /** What happened, in order: {@code list}, {@code find}, {@code open}, {@code denied}, … */
    final List<String> effects = new ArrayList<>();

    /** What the trail was given, written or not. */
    final List<TrailEntry> entries = new ArrayList<>();

    /** How the next entries of the trail fare; without any, they are written. */
    final Queue<Appended> appended = new ArrayDeque<>();

    TenantView view;

    /** What is known once a decision was overtaken; the same without any. */
    final Queue<TenantView> later = new ArrayDeque<>();

    /** What was sent, in order. */
    final List<UpstreamRequest> sent = new ArrayList<>();

    boolean isFresh = true;
    Listing listing = new Listing.Listed(LISTED_BY);

    /** How the next listings end; those after them as {@link #listing} says. */
    final Queue<Listing> listings = new ArrayDeque<>();

    Optional<Approval> approval = Optional.empty();
    Optional<Reason> opensNone = Optional.empty();
    final AtomicBoolean overtaken = new AtomicBoolean();
    String result = "done";
    Optional<UpstreamReply> reply = Optional.empty();

    /** How often a connection can be had; then the store with its credential is away. */
    int connections = Integer.MAX_VALUE;

    /** The program that calls would reach. */
    String running = LISTED_BY;

    boolean sealsNothing;
    Optional<Error> breaks = Optional.empty();

    FakeWorld(TenantView view) {
        this.view = view;
    }

    @Override
    public TenantView view(TenantId tenant) {
        return view;
    }

    @Override
    public TenantView refreshed(TenantView stale) {
        effects.add("refresh");
        view = later.isEmpty() ? view : later.remove();
        return view;
    }

    @Override
    public Optional<Listing.Listed> latest(McpServer server) {
        return isFresh ? Optional.of(new Listing.Listed(LISTED_BY)) : Optional.empty();
    }

    @Override
    public Listing list(McpServer server, Duration patience) {
        effects.add("list");
        return listings.isEmpty() ? listing : listings.remove();
    }

    @Override
    public Optional<Approval> find(ApprovalBinding binding) {
        effects.add("find");
        return approval;
    }

    @Override
    public Opened open(Approval opened, byte[] arguments, AuditedCall call, long sequence) {
        if (overtaken.getAndSet(false)) {
            return new Opened.Stale();
        }
        effects.add("open");
        return opensNone
                .<Opened>map(it -> new Opened.Refused(it, "No."))
                .orElseGet(() -> new Opened.Waiting(opened, Optional.of(RECORD)));
    }

    @Override
    public Appended consume(List<Approval> approvals, TrailEntry.Intent intent) {
        effects.add("consume");
        return append(intent, PATIENCE);
    }

    @Override
    public CompletableFuture<Appended> submit(TrailEntry entry) {
        entries.add(entry);
        effects.add(
                switch (entry) {
                    case TrailEntry.Intent _ -> "intent";
                    case TrailEntry.Outcome _ -> "outcome";
                    case TrailEntry.Fact(var record) -> record.kind().code();
                });
        return CompletableFuture.completedFuture(
                Optional.ofNullable(appended.poll()).orElseGet(() -> new Appended.Written(RECORD)));
    }

    @Override
    public Appended append(TrailEntry entry, Duration patience) {
        return submit(entry).join();
    }

    @Override
    public void report(AuditRecord record) {
        var _ = submit(new TrailEntry.Fact(record));
    }

    @Override
    public String pseudonym(TenantId tenant, String subject) {
        return "p_1";
    }

    @Override
    public Optional<String> knownPseudonym(TenantId tenant, String subject) {
        return Optional.of("p_1");
    }

    @Override
    public Sealing seal(TenantId tenant, String pseudonym, byte[] bytes, byte[] kept) {
        if (sealsNothing) {
            throw away();
        }
        return new Sealing(AuditRecord.Committed.NONE, AuditRecord.Sealed.NONE, new byte[0]);
    }

    private static StoreFailure away() {
        return new StoreFailure(new IllegalStateException("away"));
    }

    @Override
    public Connected of(McpServer server) {
        if (connections-- <= 0) {
            throw away();
        }
        return new Connected(this, running, PeerText.of(List.of()));
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        effects.add("send");
        sent.add(request);
        breaks.ifPresent(it -> {
            throw it;
        });
        var tree = JsonNodeFactory.instance.objectNode();
        tree.putArray("content").addObject().put("type", "text").put("text", result);
        return Mono.just(reply.orElseGet(() -> new UpstreamReply.Result(tree, 2, false)));
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return Mono.never();
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return Mono.never();
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return Flux.never();
    }

    @Override
    public void abandon(Continuation.Parked parked) {}

    @Override
    public void close() {}
}
