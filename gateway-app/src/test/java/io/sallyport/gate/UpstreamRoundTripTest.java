package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.RecordId;
import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryDescriptor;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.error.Reason;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Steps 8 to 10 where a store or a credential is missing after the intent was written. */
class UpstreamRoundTripTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final McpServer SERVER = ExampleCatalog.server(TENANT, "docs");
    private static final RecordId INTENT = RecordId.parse("w:1:1").orElseThrow();
    private static final String URI = "note://today";

    private final TenantView view =
            new TenantView(
                    TENANT,
                    1,
                    new TenantView.Contents(
                            Policy.denyAll(),
                            List.of(SERVER),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of()));
    private final ComputePool pool = new ComputePool();
    private final Queue<McpUpstream> ways = new ArrayDeque<>();
    private final List<TrailEntry> written = new ArrayList<>();
    private final Circuits circuits = new Circuits(new GateSettings(20));
    private boolean isAway;

    @AfterEach
    void close() {
        pool.close();
    }

    /** The intent is on disk, so it gets its end. */
    @Test
    void aSubscriptionWithoutAWayToItsServerEndsAsNotSent() {
        var outcome = run(new ResourceSubscription(URI));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CallOutcome.Unreachable.class, it -> assertThat(it.sent()).isFalse());
        assertThat(written)
                .singleElement()
                .matches(it -> it.record().result().status() == Status.NOT_SENT);
    }

    /** F10: the caller and the record, which comes later, tell the same. */
    @Test
    void whatWasNotSentAndCannotBeRecordedDidNotRun() {
        isAway = true;

        assertThat(run(new ResourceRead(URI, Optional.empty())))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> {
                            assertThat(it.reason()).isEqualTo(Reason.OUTCOME_UNRECORDED);
                            assertThat(it.sentence()).contains("did not run").doesNotContain("ran");
                        });
        assertThat(written)
                .singleElement()
                .matches(it -> it.record().result().status() == Status.NOT_SENT);
    }

    /** Whoever cannot be told of it any more makes no difference to what is known. */
    @Test
    void aQuestionThatCannotBeRecordedWasAskedWhateverBecomesOfIt() {
        ways.add(new Asking());
        isAway = true;

        assertThat(run(new ResourceRead(URI, Optional.empty())))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> assertThat(it.reason()).isEqualTo(Reason.OUTCOME_UNRECORDED));
        assertThat(ways).isEmpty();
    }

    private CallOutcome run(UpstreamCall call) {
        var permit = ((Circuits.Entry.Entered) circuits.of(SERVER).enter()).permit();
        assertThat(permit.begin()).isTrue();
        return leg().run(admitted(call), INTENT, permit);
    }

    private UpstreamRoundTrip leg() {
        var governance = new Unchanging();
        return new UpstreamRoundTrip(
                new Ways(),
                new UnderWay(governance, (_, _) -> () -> {}),
                new Validators(pool),
                new Trail(),
                new CallRecords(new Names(), Clock.systemUTC()));
    }

    private final class Ways implements UpstreamServers {
        @Override
        public Connected of(McpServer server) {
            return Optional.ofNullable(ways.poll())
                    .map(it -> new Connected(it, PeerText.of(List.of())))
                    .orElseThrow(() -> new StoreFailure(new IllegalStateException("away")));
        }
    }

    private AdmittedCall admitted(UpstreamCall call) {
        var listed =
                new EntryDescriptor(
                        SERVER.slug(),
                        EntryKind.RESOURCE,
                        URI,
                        "sha256:1",
                        JsonNodeFactory.instance.objectNode());
        var entry =
                new CatalogEntry(
                        EntryKind.RESOURCE,
                        listed,
                        List.of(),
                        ToolStatus.APPROVED,
                        Optional.of(listed));
        return new AdmittedCall(
                call,
                new Target.Content(entry, Set.of()),
                SERVER,
                new byte[0],
                "all",
                List.of(),
                view,
                context());
    }

    private static CallContext context() {
        return new CallContext(
                new Principal(TENANT, "user:ada", "k1", Set.of(), Set.of()),
                new Offer.ServerTools(SERVER.slug()),
                "key",
                "mcp",
                "request",
                Optional.empty(),
                ClientContext.SILENT,
                AnswerRoom.UNCOUNTED,
                Duration.ofSeconds(30));
    }

    /** Answers every request with a question. */
    private static final class Asking implements McpUpstream {
        @Override
        public Mono<UpstreamReply> call(UpstreamRequest request) {
            var result = JsonNodeFactory.instance.objectNode();
            return Mono.just(
                    new UpstreamReply.InputRequired(result, new Continuation.Parked("t"), 2));
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

    private final class Unchanging implements Governance {
        @Override
        public TenantView view(TenantId tenant) {
            return view;
        }

        @Override
        public TenantView refreshed(TenantView stale) {
            return view;
        }
    }

    private static final class Names implements Payloads {
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
            throw new StoreFailure(new IllegalStateException("away"));
        }
    }

    private final class Trail implements AuditTrail {
        @Override
        public CompletableFuture<Appended> submit(TrailEntry entry) {
            written.add(entry);
            return CompletableFuture.completedFuture(
                    isAway ? new Appended.Unavailable() : new Appended.Written(INTENT));
        }

        @Override
        public Appended append(TrailEntry entry, Duration patience) {
            return submit(entry).join();
        }

        @Override
        public void report(AuditRecord record) {
            var _ = submit(new TrailEntry.Fact(record));
        }
    }
}
