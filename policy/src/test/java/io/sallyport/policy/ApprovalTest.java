package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.policy.ApprovalTransition.AlreadyDecided;
import io.sallyport.policy.ApprovalTransition.Expired;
import io.sallyport.policy.ApprovalTransition.Moved;
import io.sallyport.policy.ApprovalTransition.NotAnApprover;
import io.sallyport.policy.ApprovalTransition.SelfApproval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
    private static final Instant SOON = START.plusSeconds(60);
    private static final Instant LAST = START.plus(Duration.ofMinutes(15)).minusNanos(1);
    private static final Instant END = START.plus(Duration.ofMinutes(15));

    private static final Principal BOB = person("user:bob", "approver");
    private static final Principal CAROL = person("user:carol", "approver");

    @Test
    void isPendingUntilItsTimeIsOver() {
        assertThat(approval(1).at(LAST).state()).isEqualTo(ApprovalState.PENDING);
        assertThat(approval(1).at(END).state()).isEqualTo(ApprovalState.EXPIRED);
    }

    @Test
    void anApproverApproves() {
        var approved = moved(approval(1).decide(ApprovalVerdict.APPROVE, BOB, "fine", SOON));
        assertThat(approved.state()).isEqualTo(ApprovalState.APPROVED);
        assertThat(approved.votes())
                .containsExactly(
                        new ApprovalVote("user:bob", ApprovalVerdict.APPROVE, "fine", SOON));
    }

    @Test
    void isUsedOnce() {
        var approved = approved();
        var consumed = approved.consume(SOON).orElseThrow();
        assertThat(consumed.state()).isEqualTo(ApprovalState.CONSUMED);
        assertThat(consumed.consume(SOON)).isEmpty();
        assertThat(consumed.at(END).state()).isEqualTo(ApprovalState.CONSUMED);
    }

    @Test
    void cannotBeUsedWhenItsTimeIsOver() {
        assertThat(approved().consume(LAST)).isPresent();
        assertThat(approved().consume(END)).isEmpty();
        assertThat(approved().at(END).state()).isEqualTo(ApprovalState.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "APPROVED")
    void cannotBeUsedInAnyOtherState(ApprovalState state) {
        assertThat(in(state).consume(SOON)).isEmpty();
    }

    @Test
    void cannotBeDecidedWhenItsTimeIsOver() {
        assertThat(approval(1).decide(ApprovalVerdict.APPROVE, BOB, "", END))
                .isEqualTo(new Expired());
        assertThat(approval(1).decide(ApprovalVerdict.CANCEL, requester(), "", END))
                .isEqualTo(new Expired());
        assertThat(approved().decide(ApprovalVerdict.DENY, BOB, "", END)).isEqualTo(new Expired());
    }

    @ParameterizedTest
    @EnumSource(names = {"APPROVED", "DENIED", "CANCELLED", "CONSUMED"})
    void isDecidedOnce(ApprovalState state) {
        for (var verdict : ApprovalVerdict.values()) {
            if (state == ApprovalState.APPROVED && verdict == ApprovalVerdict.CANCEL) {
                continue; // the one way back, below
            }
            assertThat(in(state).decide(verdict, person("user:root", "tenant-admin"), "", SOON))
                    .isEqualTo(new AlreadyDecided(state));
        }
    }

    /** H26. */
    @Test
    void anUnusedApprovalCanBeTakenBack() {
        for (var by : List.of(BOB, person("user:root", "tenant-admin"), requester())) {
            var cancelled = moved(approved().decide(ApprovalVerdict.CANCEL, by, "", SOON));
            assertThat(cancelled.state()).isEqualTo(ApprovalState.CANCELLED);
            assertThat(cancelled.consume(SOON)).isEmpty();
        }
        assertThat(approved().decide(ApprovalVerdict.CANCEL, BOB, "", END))
                .isEqualTo(new Expired());
    }

    /** H23. */
    @ParameterizedTest
    @ValueSource(strings = {"user:Bob", "USER:BOB", "user:bo\uFF42"})
    void onePersonInTwoSpellingsIsOnePerson(String spelling) {
        var again = person(spelling, "approver");
        var first = moved(approval(2).decide(ApprovalVerdict.APPROVE, BOB, "", SOON));

        assertThat(first.decide(ApprovalVerdict.APPROVE, again, "", SOON))
                .isEqualTo(new AlreadyDecided(ApprovalState.PENDING));
        assertThat(first.votes().getFirst().approver()).isEqualTo(BOB.subject());
    }

    /** H23. */
    @Test
    void nobodyDecidesOnTheirOwnCallUnderAnotherSpelling() {
        var shouting = requester().subject().toUpperCase(Locale.ROOT);

        assertThat(
                        approval(1)
                                .decide(
                                        ApprovalVerdict.APPROVE,
                                        person(shouting, "tenant-admin"),
                                        "",
                                        SOON))
                .isEqualTo(new SelfApproval());
    }

    @Test
    void needsAsManyDifferentPeopleAsTheRuleSays() {
        var first = moved(approval(2).decide(ApprovalVerdict.APPROVE, BOB, "", SOON));
        assertThat(first.state()).isEqualTo(ApprovalState.PENDING);
        assertThat(first.consume(SOON)).isEmpty();

        assertThat(first.decide(ApprovalVerdict.APPROVE, BOB, "again", SOON))
                .isEqualTo(new AlreadyDecided(ApprovalState.PENDING));
        assertThat(first.decide(ApprovalVerdict.APPROVE, otherKeyOf(BOB), "again", SOON))
                .isEqualTo(new AlreadyDecided(ApprovalState.PENDING));

        var second = moved(first.decide(ApprovalVerdict.APPROVE, CAROL, "", SOON));
        assertThat(second.state()).isEqualTo(ApprovalState.APPROVED);
        assertThat(second.votes()).hasSize(2);
    }

    @Test
    void oneDenialEndsItWhateverOthersSaid() {
        var first = moved(approval(2).decide(ApprovalVerdict.APPROVE, BOB, "", SOON));
        var denied = moved(first.decide(ApprovalVerdict.DENY, CAROL, "no", SOON));
        assertThat(denied.state()).isEqualTo(ApprovalState.DENIED);
        assertThat(denied.consume(SOON)).isEmpty();
    }

    @Test
    void whoApprovedMayStillDenyWhileOthersAreAwaited() {
        var first = moved(approval(2).decide(ApprovalVerdict.APPROVE, BOB, "", SOON));
        assertThat(moved(first.decide(ApprovalVerdict.DENY, BOB, "mistake", SOON)).state())
                .isEqualTo(ApprovalState.DENIED);
    }

    @Test
    void aDenialHoldsUntilTheTimeIsOver() {
        var denied = in(ApprovalState.DENIED);
        assertThat(denied.refuses(LAST)).isTrue();
        assertThat(denied.refuses(END)).isFalse();
        assertThat(approval(1).refuses(SOON)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"APPROVE", "DENY"})
    void nobodyDecidesOnTheirOwnCall(ApprovalVerdict verdict) {
        var withEveryRole = person("user:ada", "approver", "tenant-admin", "platform-admin");
        assertThat(approval(1).decide(verdict, withEveryRole, "", SOON))
                .isEqualTo(new SelfApproval());
        assertThat(approval(1).decide(verdict, otherKeyOf(withEveryRole), "", SOON))
                .isEqualTo(new SelfApproval());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auditor", "Approver", "approver ", "role:approver"})
    void othersHaveNoSay(String role) {
        for (var verdict : ApprovalVerdict.values()) {
            assertThat(approval(1).decide(verdict, person("user:eve", role), "", SOON))
                    .isEqualTo(new NotAnApprover());
        }
    }

    @ParameterizedTest
    @EnumSource(ApprovalVerdict.class)
    void nobodyOfAnotherTenantHasASay(ApprovalVerdict verdict) {
        for (var subject : List.of("user:ada", "user:bob")) {
            var stranger =
                    new Principal(
                            new TenantId("other"),
                            subject,
                            "k",
                            Set.of(),
                            Set.of("approver", "tenant-admin", "platform-admin"));
            assertThat(approval(1).decide(verdict, stranger, "", SOON))
                    .isEqualTo(new NotAnApprover());
        }
    }

    @Test
    void whoHasNoSayDoesNotLearnTheState() {
        assertThat(in(ApprovalState.CONSUMED).decide(ApprovalVerdict.APPROVE, eve(), "", SOON))
                .isEqualTo(new NotAnApprover());
        assertThat(approval(1).decide(ApprovalVerdict.APPROVE, eve(), "", END))
                .isEqualTo(new NotAnApprover());
    }

    @ParameterizedTest
    @ValueSource(strings = {"approver", "tenant-admin", "platform-admin"})
    void anAgentsCredentialNeverDecides(String role) {
        var agent = person("user:bob", role, "agent");
        assertThat(approval(1).decide(ApprovalVerdict.APPROVE, agent, "", SOON))
                .isEqualTo(new NotAnApprover());
        assertThat(approval(1).decide(ApprovalVerdict.CANCEL, agent, "", SOON))
                .isEqualTo(new NotAnApprover());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant-admin", "platform-admin"})
    void adminsOfTheTenantDecideAndCancel(String role) {
        var admin = person("user:root", role);
        assertThat(moved(approval(1).decide(ApprovalVerdict.APPROVE, admin, "", SOON)).state())
                .isEqualTo(ApprovalState.APPROVED);
        assertThat(moved(approval(1).decide(ApprovalVerdict.CANCEL, admin, "", SOON)).state())
                .isEqualTo(ApprovalState.CANCELLED);
    }

    @Test
    void theRequesterCancelsEvenWithAnAgentsCredential() {
        var cancelled = moved(approval(1).decide(ApprovalVerdict.CANCEL, requester(), "", SOON));
        assertThat(cancelled.state()).isEqualTo(ApprovalState.CANCELLED);
        assertThat(cancelled.consume(SOON)).isEmpty();
    }

    @Test
    void anApproverDoesNotCancel() {
        assertThat(approval(1).decide(ApprovalVerdict.CANCEL, BOB, "", SOON))
                .isEqualTo(new NotAnApprover());
    }

    @Test
    void usersAndGroupsApproveToo() {
        var named = approval(List.of("user:dan", "group:leads"), 1);
        var lead = new Principal(ACME, "user:eli", "k", Set.of("leads"), Set.of());
        assertThat(named.decide(ApprovalVerdict.APPROVE, person("user:dan"), "", SOON))
                .isInstanceOf(Moved.class);
        assertThat(named.decide(ApprovalVerdict.APPROVE, lead, "", SOON)).isInstanceOf(Moved.class);
        assertThat(named.decide(ApprovalVerdict.APPROVE, BOB, "", SOON))
                .isEqualTo(new NotAnApprover());
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", "key:k", "client:", "nonsense", "*", ""})
    void storedApproversThatNameNoPeopleGiveNobodyASay(String approver) {
        var approval = approval(List.of(approver), 1);
        assertThat(approval.decide(ApprovalVerdict.APPROVE, person("user:eve"), "", SOON))
                .isEqualTo(new NotAnApprover());
    }

    @Test
    void opensOnlyForTheRequirementThatItsBindingNames() {
        var other = new ApprovalRequirement("other", List.of("role:approver"), 1, ttl(), "");
        assertThatThrownBy(() ->
                        Approval.open("ap_1", binding(requirement(1)), Risk.WRITE, other, START))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Approval approval(int count) {
        return approval(List.of("role:approver"), count);
    }

    private static Approval approval(List<String> approvers, int count) {
        var requirement = new ApprovalRequirement("rule", approvers, count, ttl(), "why");
        return Approval.open("ap_1", binding(requirement), Risk.WRITE, requirement, START);
    }

    private static Approval approved() {
        return moved(approval(1).decide(ApprovalVerdict.APPROVE, BOB, "", SOON));
    }

    private static Approval in(ApprovalState state) {
        var from = approval(1);
        return new Approval(
                from.id(),
                from.binding(),
                from.risk(),
                from.approvers(),
                from.count(),
                from.reason(),
                from.created(),
                from.expires(),
                state,
                from.votes());
    }

    private static ApprovalRequirement requirement(int count) {
        return new ApprovalRequirement("rule", List.of("role:approver"), count, ttl(), "why");
    }

    private static ApprovalBinding binding(ApprovalRequirement requirement) {
        return new ApprovalBinding(
                ACME,
                "user:ada",
                "tools/call",
                new ToolRef(new ServerSlug("notes"), "delete_note"),
                "sha256:d",
                "sha256:a",
                requirement.digest(),
                "");
    }

    private static Duration ttl() {
        return Duration.between(START, END);
    }

    private static Approval moved(ApprovalTransition transition) {
        assertThat(transition).isInstanceOf(Moved.class);
        return ((Moved) transition).approval();
    }

    private static Principal requester() {
        return person("user:ada", "agent");
    }

    private static Principal eve() {
        return person("user:eve");
    }

    private static Principal otherKeyOf(Principal person) {
        return new Principal(
                person.tenant(), person.subject(), "another", person.groups(), person.roles());
    }

    private static Principal person(String subject, String... roles) {
        return new Principal(ACME, subject, "key", Set.of(), Set.of(roles));
    }
}
