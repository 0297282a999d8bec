package io.sallyport.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.error.Reason;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.Risk;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ten steps in their order: each refuses by itself, and what stands behind one that refused has
 * had no effect. Nothing leaves before its intent is written.
 */
class GovernedGateTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final McpServer SERVER = ExampleCatalog.server(TENANT, "docs");
    private static final ToolRef ECHO = new ToolRef(SERVER.slug(), "echo");
    private static final String ALIAS = "docs__echo";
    private static final int MOST_CALLS = 2;

    private final ComputePool pool = new ComputePool();
    private final FakeWorld world = new FakeWorld(view("allow"));
    private final Circuits circuits = new Circuits(new GateSettings(MOST_CALLS));
    private final Gate gate = gate();

    private Gate gate() {
        var clock = Clock.systemUTC();
        var records = new CallRecords(world, clock);
        var validators = new Validators(pool);
        var underWay = new UnderWay(world, (_, _) -> () -> {});
        return new GovernedGate(
                world,
                new Admission(world, circuits, clock, validators),
                new ApprovalStep(world, _ -> "digest", records, clock),
                new GateRecorder(world, world, records),
                new UpstreamRoundTrip(world, underWay, validators, world, records));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static TenantView view(String effect) {
        var tree =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name":"echo","inputSchema":{"type":"object",
                                 "properties":{"text":{"type":"string"}}}}\
                                """);
        var descriptor =
                new ToolDescriptor(
                        ECHO, ToolNaming.STANDARD.alias(ECHO.server(), "echo"), "sha256:1", tree);
        return new TenantView(
                TENANT,
                1,
                new TenantView.Contents(
                        policy(effect),
                        List.of(SERVER),
                        List.of(ExampleCatalog.approved(descriptor, Risk.READ)),
                        List.of(),
                        List.of(),
                        List.of(ExampleCatalog.agentKey(TENANT, "user:ada")),
                        List.of()));
    }

    private static Policy policy(String effect) {
        var text = "rules: [{id: one, effect: " + effect + ", tools: ['*']}]";
        return switch (Policy.read(text)) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private CallOutcome call(String name, String arguments) throws InterruptedException {
        return gate.call(
                        new ToolCall(name, arguments.getBytes(UTF_8)),
                        context(ClientContext.SILENT))
                .outcome();
    }

    private static CallContext context(ClientContext client) {
        return ExampleCall.context(
                TENANT, new OfferedTools.Aliases(), client, Duration.ofSeconds(30));
    }

    private void assertRefused(CallOutcome outcome, Reason reason, String... effects) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class, it -> assertThat(it.reason()).isEqualTo(reason));
        assertThat(world.effects).containsExactly(effects);
    }

    @Test
    void whatNothingRefusesIsRecordedSentAndRecorded() throws InterruptedException {
        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("intent", "send", "outcome");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs__nothing", "nowhere__echo", "echo", "DOCS__ECHO", ""})
    void resolveRefusesWhatWasNotOffered(String name) throws InterruptedException {
        world.isFresh = false;

        assertRefused(call(name, "no JSON"), Reason.UNKNOWN_TOOL, "call.denied");
    }

    @ParameterizedTest
    @EnumSource
    void pinRefusesWhatWasNotSeenLately(ListFreshness.Listing.Failed listing)
            throws InterruptedException {
        world.isFresh = false;
        world.listing = listing;

        assertRefused(call(ALIAS, "no JSON"), Reason.UPSTREAM_ERROR, "list", "call.denied");
    }

    /** The operator's file was edited, and the server listed again, after the pin was looked at. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProgramThatTookThePlaceOfTheReviewedOneGetsNoCall(boolean isFresh)
            throws InterruptedException {
        world.isFresh = isFresh;
        world.running = "sha256:edited";

        assertThat(call(ALIAS, "{}"))
                .isInstanceOfSatisfying(
                        CallOutcome.NoAnswer.class, it -> assertThat(it.sent()).isFalse());
        assertThat(world.effects).doesNotContain("send").endsWith("intent", "outcome");
        assertThat(world.entries.getLast().record().result().status()).isEqualTo(Status.NOT_SENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "[]", "{\"text\":7}", "{\"text\":\"a\",\"text\":\"b\"}"})
    void argumentsRefusesWhatTheSchemaDoes(String arguments) throws InterruptedException {
        world.view = view("require_approval");

        assertRefused(call(ALIAS, arguments), Reason.INVALID_ARGUMENTS, "call.denied");
    }

    @Test
    void decideRefusesWhatPolicyDoes() throws InterruptedException {
        world.view = view("deny");

        assertRefused(call(ALIAS, "{}"), Reason.UNKNOWN_TOOL, "call.denied");
    }

    @Test
    void limitsRefusesOneCallTooManyBeforeAnyoneIsAsked() throws InterruptedException {
        world.view = view("require_approval");
        for (int calls = 0; calls < MOST_CALLS; calls++) {
            var _ = circuits.of(SERVER).enter();
        }

        assertRefused(call(ALIAS, "{}"), Reason.RATE_LIMITED, "call.denied");
    }

    @Test
    void limitsRefusesAServerThatFailsBeforeTheIntent() throws InterruptedException {
        circuits.of(SERVER).breaker().transitionToOpenState();

        assertRefused(call(ALIAS, "{}"), Reason.CIRCUIT_OPEN, "call.denied");
    }

    @Test
    void approvalIsOpenedAndTheCallWaits() throws InterruptedException {
        world.view = view("require_approval");

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.ApprovalPending.class);

        assertThat(world.effects).containsExactly("find", "open");
    }

    /** Of a server that was removed meanwhile, say: nobody would take it back any more. */
    @Test
    void anOvertakenDecisionOpensNoApproval() throws InterruptedException {
        world.view = view("require_approval");
        world.overtaken.set(true);

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.ApprovalPending.class);

        assertThat(world.effects).containsExactly("find", "refresh", "find", "open");
    }

    @Test
    void approvalThatCannotBeOpenedRefuses() throws InterruptedException {
        world.view = view("require_approval");
        world.opensNone = Optional.of(Reason.RATE_LIMITED);

        assertRefused(call(ALIAS, "{}"), Reason.RATE_LIMITED, "find", "open", "call.denied");
    }

    @Test
    void approvalThatWasDeniedRefuses() throws InterruptedException {
        world.view = view("require_approval");
        world.approval = Optional.of(approval(ApprovalState.DENIED));

        assertRefused(call(ALIAS, "{}"), Reason.APPROVAL_DENIED, "find", "call.denied");
    }

    @Test
    void anApprovedCallIsConsumedWithItsIntent() throws InterruptedException {
        world.view = view("require_approval");
        world.approval = Optional.of(approval(ApprovalState.APPROVED));

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("find", "consume", "intent", "send", "outcome");
    }

    private static Approval approval(ApprovalState state) {
        var requirement = new ApprovalRequirement("one", List.of(), 1, Duration.ofHours(1), "");
        var binding =
                new ApprovalBinding(
                        TENANT,
                        "user:ada",
                        "tools/call",
                        ECHO,
                        "sha256:1",
                        "digest",
                        requirement.digest(),
                        "");
        var now = Instant.now();
        return new Approval(
                "apr_1",
                binding,
                Risk.READ,
                List.of(),
                1,
                "",
                now,
                now.plusSeconds(3_600),
                state,
                List.of());
    }

    @Test
    void withoutAnIntentNothingIsSent() throws InterruptedException {
        world.appended.add(new Appended.Unavailable());

        assertRefused(call(ALIAS, "{}"), Reason.AUDIT_UNAVAILABLE, "intent");
    }

    @Test
    void anAttemptThatWasMadeBeforeIsNotMadeAgain() throws InterruptedException {
        world.appended.add(new Appended.Duplicate());

        assertRefused(call(ALIAS, "{}"), Reason.REPEATED_ATTEMPT, "intent");
    }

    @Test
    void aDecisionThatWasOvertakenIsMadeAgain() throws InterruptedException {
        world.appended.add(new Appended.Stale());

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("intent", "refresh", "intent", "send", "outcome");
    }

    /** By a change that another gateway made, say, while the server was listed for the call. */
    @Test
    void aDecisionWhoseListingWasOvertakenIsMadeAgain() throws InterruptedException {
        world.isFresh = false;
        world.listings.add(new ListFreshness.Listing.Overtaken());

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects)
                .containsExactly("list", "refresh", "list", "intent", "send", "outcome");
    }

    @Test
    void aServerThatChangesWheneverItIsListedIsNotListedForEver() throws InterruptedException {
        world.isFresh = false;
        world.listing = new ListFreshness.Listing.Overtaken();

        assertThat(call(ALIAS, "{}"))
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class,
                        it -> assertThat(it.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE));
        assertThat(world.effects).containsOnly("list", "refresh", "call.denied").hasSize(11);
    }

    @Test
    void aRefusalThatCannotBeRecordedSaysOnlyThat() throws InterruptedException {
        world.appended.add(new Appended.Unavailable());

        assertRefused(call("docs__nothing", "{}"), Reason.AUDIT_UNAVAILABLE, "call.denied");
    }

    @Test
    void aResultWhoseOutcomeCannotBeRecordedIsShownToNobody() throws InterruptedException {
        world.result = "a secret";
        world.appended.add(new Appended.Written(FakeWorld.RECORD));
        world.appended.add(new Appended.Unavailable());

        var outcome = call(ALIAS, "{}");

        assertRefused(outcome, Reason.OUTCOME_UNRECORDED, "intent", "send", "outcome");
        assertThat(outcome.toString()).doesNotContain("a secret");
    }

    /** F12. */
    @Test
    void whatBreaksTheProcessBreaksOnOnceTheCallHasItsEnd() {
        world.breaks = Optional.of(new StackOverflowError());

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> call(ALIAS, "{}"));

        assertThat(world.effects).containsExactly("intent", "send", "outcome");
    }

    @Test
    void forAClientThatHasLeftNothingIsBegun() {
        var left = ClientContext.silent(() -> true);

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(
                        () -> gate.call(new ToolCall(ALIAS, "{}".getBytes(UTF_8)), context(left)));

        assertThat(world.effects).isEmpty();
    }

    /** Whatever refuses, the place at the server is free again. */
    @Test
    void aRefusalGivesItsPlaceBack() throws InterruptedException {
        for (int calls = 0; calls <= MOST_CALLS; calls++) {
            world.appended.add(new Appended.Unavailable());
            call(ALIAS, "{}");
        }

        assertThat(call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);
    }
}
