package io.sallyport.gate;

import static io.sallyport.gate.FakeWorld.RECORD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryDescriptor;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.error.Reason;
import io.sallyport.policy.Policy;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** Steps 8 to 10 where a store or a credential is missing after the intent was written. */
class UpstreamRoundTripTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final McpServer SERVER = ExampleCatalog.server(TENANT, "docs");
    private static final String URI = "note://today";

    private final FakeWorld world =
            new FakeWorld(
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
                                    List.of())));
    private final ComputePool pool = new ComputePool();
    private final Circuits circuits = new Circuits(new GateSettings(20));

    UpstreamRoundTripTest() {
        world.sealsNothing = true;
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** The intent is on disk, so it gets its end. */
    @Test
    void aSubscriptionWithoutAWayToItsServerEndsAsNotSent() {
        world.connections = 0;

        var result = trip().subscribe(admitted(new ResourceSubscription(URI)), RECORD, permit());

        assertThat(result)
                .isInstanceOfSatisfying(
                        SubscriptionResult.NotWatching.class,
                        it ->
                                assertThat(it.why().outcome())
                                        .isEqualTo(new CallOutcome.NoAnswer(Cause.GATEWAY, false)));
        assertNotSent();
    }

    private void assertNotSent() {
        assertThat(world.entries)
                .singleElement()
                .matches(it -> it.record().result().status() == Status.NOT_SENT);
    }

    /** F10: the caller and the record, which comes later, tell the same. */
    @Test
    void whatWasNotSentAndCannotBeRecordedDidNotRun() {
        world.connections = 0;
        world.appended.add(new Appended.Unavailable());

        assertThat(run(new ResourceRead(URI, Optional.empty())))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> {
                            assertThat(it.reason()).isEqualTo(Reason.OUTCOME_UNRECORDED);
                            assertThat(it.sentence()).contains("did not run").doesNotContain("ran");
                        });
        assertNotSent();
    }

    /** Whoever cannot be told of it any more makes no difference to what is known. */
    @Test
    void aQuestionThatCannotBeRecordedWasAskedWhateverBecomesOfIt() {
        var asked = JsonNodeFactory.instance.objectNode();
        world.reply =
                Optional.of(
                        new UpstreamReply.InputRequired(asked, new Continuation.Parked("t"), 2));
        world.connections = 1;
        world.appended.add(new Appended.Unavailable());

        assertThat(run(new ResourceRead(URI, Optional.empty())))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> assertThat(it.reason()).isEqualTo(Reason.OUTCOME_UNRECORDED));
        assertThat(world.effects).containsExactly("send", "outcome");
        assertThat(world.entries)
                .singleElement()
                .matches(it -> it.record().result().status() == Status.INPUT_REQUIRED);
        assertThat(world.connections).as("one to ask, one to take it back").isNegative();
    }

    private CallOutcome run(UpstreamCall call) {
        return trip().run(admitted(call), RECORD, permit()).outcome();
    }

    private Circuits.Permit permit() {
        var permit = ((Circuits.Entry.Entered) circuits.of(SERVER).enter()).permit();
        assertThat(permit.begin()).isTrue();
        return permit;
    }

    private UpstreamRoundTrip trip() {
        return new UpstreamRoundTrip(
                world,
                new UnderWay(world, (_, _) -> () -> {}),
                new Validators(pool),
                world,
                new CallRecords(world, Clock.systemUTC()));
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
                FakeWorld.LISTED_BY,
                "{}".getBytes(UTF_8),
                "all",
                List.of(),
                world.view,
                ExampleCall.context(TENANT, new OfferedTools.ServerTools(SERVER.slug())));
    }
}
