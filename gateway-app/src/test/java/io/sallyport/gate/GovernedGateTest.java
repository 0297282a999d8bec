package io.sallyport.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.error.Reason;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.Risk;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.tenant.ListFreshness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ten steps in their order: each refuses by itself, and what stands behind one that refused has
 * had no effect. Nothing leaves before its intent is written.
 */
class GovernedGateTest {
    private static final String ALIAS = ExampleGate.ALIAS;

    private final ExampleGate gate = new ExampleGate();
    private final FakeWorld world = gate.world;

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void whatNothingRefusesIsRecordedSentAndRecorded() throws InterruptedException {
        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("intent", "send", "outcome");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs__nothing", "nowhere__echo", "echo", "DOCS__ECHO", ""})
    void resolveRefusesWhatWasNotOffered(String name) throws InterruptedException {
        world.isFresh = false;

        gate.assertRefused(gate.call(name, "no JSON"), Reason.UNKNOWN_TOOL, "call.denied");
    }

    @ParameterizedTest
    @EnumSource
    void pinRefusesWhatWasNotSeenLately(ListFreshness.Listing.Failed listing)
            throws InterruptedException {
        world.isFresh = false;
        world.listing = listing;

        gate.assertRefused(
                gate.call(ALIAS, "no JSON"), Reason.UPSTREAM_ERROR, "list", "call.denied");
    }

    /** The operator's file was edited, and the server listed again, after the pin was looked at. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProgramThatTookThePlaceOfTheReviewedOneGetsNoCall(boolean isFresh)
            throws InterruptedException {
        world.isFresh = isFresh;
        world.running = "sha256:edited";

        assertThat(gate.call(ALIAS, "{}"))
                .isInstanceOfSatisfying(
                        CallOutcome.NoAnswer.class, it -> assertThat(it.sent()).isFalse());
        assertThat(world.effects).doesNotContain("send").endsWith("intent", "outcome");
        assertThat(world.entries.getLast().record().result().status()).isEqualTo(Status.NOT_SENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "[]", "{\"text\":7}", "{\"text\":\"a\",\"text\":\"b\"}"})
    void argumentsRefusesWhatTheSchemaDoes(String arguments) throws InterruptedException {
        world.view = ExampleGate.view("require_approval");

        gate.assertRefused(gate.call(ALIAS, arguments), Reason.INVALID_ARGUMENTS, "call.denied");
    }

    @Test
    void decideRefusesWhatPolicyDoes() throws InterruptedException {
        world.view = ExampleGate.view("deny");

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.UNKNOWN_TOOL, "call.denied");
    }

    @Test
    void limitsRefusesOneCallTooManyBeforeAnyoneIsAsked() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");
        for (int calls = 0; calls < ExampleGate.MOST_CALLS; calls++) {
            var _ = gate.circuits.of(ExampleGate.SERVER).enter();
        }

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.RATE_LIMITED, "call.denied");
    }

    @Test
    void limitsRefusesAServerThatFailsBeforeTheIntent() throws InterruptedException {
        gate.circuits.of(ExampleGate.SERVER).breaker().transitionToOpenState();

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.CIRCUIT_OPEN, "call.denied");
    }

    @Test
    void approvalIsOpenedAndTheCallWaits() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.ApprovalPending.class);

        assertThat(world.effects).containsExactly("find", "open");
    }

    /** Of a server that was removed meanwhile, say: nobody would take it back any more. */
    @Test
    void anOvertakenDecisionOpensNoApproval() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");
        world.overtaken.set(true);

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.ApprovalPending.class);

        assertThat(world.effects).containsExactly("find", "refresh", "find", "open");
    }

    @Test
    void approvalThatCannotBeOpenedRefuses() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");
        world.opensNone = Optional.of(Reason.RATE_LIMITED);

        gate.assertRefused(
                gate.call(ALIAS, "{}"), Reason.RATE_LIMITED, "find", "open", "call.denied");
    }

    @Test
    void approvalThatWasDeniedRefuses() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");
        world.approval = Optional.of(approval(ApprovalState.DENIED));

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.APPROVAL_DENIED, "find", "call.denied");
    }

    @Test
    void anApprovedCallIsConsumedWithItsIntent() throws InterruptedException {
        world.view = ExampleGate.view("require_approval");
        world.approval = Optional.of(approval(ApprovalState.APPROVED));

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);

        assertThat(world.effects).containsExactly("find", "consume", "intent", "send", "outcome");
    }

    private static Approval approval(ApprovalState state) {
        var requirement = new ApprovalRequirement("one", List.of(), 1, Duration.ofHours(1), "");
        var binding =
                new ApprovalBinding(
                        ExampleGate.TENANT,
                        "user:ada",
                        "tools/call",
                        ExampleGate.ECHO,
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

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.AUDIT_UNAVAILABLE, "intent");
    }

    @Test
    void anAttemptThatWasMadeBeforeIsNotMadeAgain() throws InterruptedException {
        world.appended.add(new Appended.Duplicate());

        gate.assertRefused(gate.call(ALIAS, "{}"), Reason.REPEATED_ATTEMPT, "intent");
    }

    @Test
    void aRefusalThatCannotBeRecordedSaysOnlyThat() throws InterruptedException {
        world.appended.add(new Appended.Unavailable());

        gate.assertRefused(
                gate.call("docs__nothing", "{}"), Reason.AUDIT_UNAVAILABLE, "call.denied");
    }

    @Test
    void aResultWhoseOutcomeCannotBeRecordedIsShownToNobody() throws InterruptedException {
        world.result = "a secret";
        world.appended.add(new Appended.Written(FakeWorld.RECORD));
        world.appended.add(new Appended.Unavailable());

        var outcome = gate.call(ALIAS, "{}");

        gate.assertRefused(outcome, Reason.OUTCOME_UNRECORDED, "intent", "send", "outcome");
        assertThat(outcome.toString()).doesNotContain("a secret");
    }

    /** F12. */
    @Test
    void whatBreaksTheProcessBreaksOnOnceTheCallHasItsEnd() {
        world.breaks = Optional.of(new StackOverflowError());

        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> gate.call(ALIAS, "{}"));

        assertThat(world.effects).containsExactly("intent", "send", "outcome");
    }

    @Test
    void forAClientThatHasLeftNothingIsBegun() {
        var left = ClientContext.silent(() -> true);

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> gate.call(new ToolCall(ALIAS, "{}".getBytes(UTF_8)), left));

        assertThat(world.effects).isEmpty();
    }

    /** Whatever refuses, the place at the server is free again. */
    @Test
    void aRefusalGivesItsPlaceBack() throws InterruptedException {
        for (int calls = 0; calls <= ExampleGate.MOST_CALLS; calls++) {
            world.appended.add(new Appended.Unavailable());
            gate.call(ALIAS, "{}");
        }

        assertThat(gate.call(ALIAS, "{}")).isInstanceOf(CallOutcome.Completed.class);
    }
}
