package io.sallyport.policy;

import io.sallyport.policy.ApprovalTransition.AlreadyDecided;
import io.sallyport.policy.ApprovalTransition.Expired;
import io.sallyport.policy.ApprovalTransition.Moved;
import io.sallyport.policy.ApprovalTransition.NotAnApprover;
import io.sallyport.policy.ApprovalTransition.SelfApproval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One question to people: may this call run, once? Immutable; time is passed in, so that every
 * answer can be given again. Whoever stores approvals serialises changes to one of them.
 *
 * @param approvers alternatives, {@code user:}, {@code group:} or {@code role:}; admins of the
 *     tenant may always decide
 * @param count how many different people must agree
 * @param reason the sentence of the rule, may be empty
 * @param expires from this instant on the approval is neither decided nor used
 * @param votes in the order in which they were given
 */
public record Approval(
        String id,
        ApprovalBinding binding,
        Risk risk,
        List<String> approvers,
        int count,
        String reason,
        Instant created,
        Instant expires,
        ApprovalState state,
        List<ApprovalVote> votes) {
    private static final Set<String> ADMIN_ROLES = Set.of("tenant-admin", "platform-admin");
    private static final String AGENT_ROLE = "agent";

    public Approval {
        approvers = List.copyOf(approvers);
        votes = List.copyOf(votes);
        if (count < 1 || !expires.isAfter(created)) {
            throw new IllegalArgumentException("an approval needs a vote and time for it");
        }
    }

    /** Opens the approval that {@code requirement} asks for. */
    public static Approval open(
            String id,
            ApprovalBinding binding,
            Risk risk,
            ApprovalRequirement requirement,
            Instant now) {
        if (!binding.requirement().equals(requirement.digest())) {
            throw new IllegalArgumentException("the binding names another requirement");
        }
        return new Approval(
                id,
                binding,
                risk,
                requirement.approvers(),
                requirement.count(),
                requirement.reason(),
                now,
                now.plus(requirement.ttl()),
                ApprovalState.PENDING,
                List.of());
    }

    /** Returns this approval as it stands at {@code now}: expired, if its time is over. */
    public Approval at(Instant now) {
        return state.isOpen() && isOver(now) ? with(ApprovalState.EXPIRED) : this;
    }

    /** Returns the consumed approval if it may be used at {@code now}, else empty. */
    public Optional<Approval> consume(Instant now) {
        return at(now).state == ApprovalState.APPROVED
                ? Optional.of(with(ApprovalState.CONSUMED))
                : Optional.empty();
    }

    /** Returns this approval taken back, because what it is for was stopped; only if it is open. */
    public Approval withdrawn() {
        if (!state.isOpen()) {
            throw new IllegalStateException("only what is open is taken back");
        }
        return with(ApprovalState.CANCELLED);
    }

    /** Tells whether the same call is still answered with the denial that it got. */
    public boolean refuses(Instant now) {
        return state == ApprovalState.DENIED && !isOver(now);
    }

    /**
     * Counts what {@code approver} says. Who has no say learns nothing about the state; nobody
     * decides on a call of their own, with whatever credential; an agent's credential never does.
     * An approval that is not used yet may be cancelled, by an approver too.
     */
    public ApprovalTransition decide(
            ApprovalVerdict verdict, Principal approver, String reason, Instant now) {
        return refusal(verdict, approver)
                .orElseGet(() -> at(now).count(verdict, approver.subject(), reason, now));
    }

    private Optional<ApprovalTransition> refusal(ApprovalVerdict verdict, Principal approver) {
        if (!approver.tenant().equals(binding.tenant())) {
            return Optional.of(new NotAnApprover());
        }
        var isRequester = isRequester(approver);
        return switch (verdict) {
            case CANCEL -> unless(isRequester || mayCancel(approver), new NotAnApprover());
            case APPROVE, DENY ->
                    isRequester
                            ? Optional.of(new SelfApproval())
                            : unless(mayDecide(approver), new NotAnApprover());
        };
    }

    private static Optional<ApprovalTransition> unless(
            boolean permitted, ApprovalTransition refusal) {
        return permitted ? Optional.empty() : Optional.of(refusal);
    }

    private boolean isRequester(Principal approver) {
        return Person.of(approver.subject()).equals(Person.of(binding.requester()));
    }

    /** What was given can be taken back by whoever could have given it. */
    private boolean mayCancel(Principal approver) {
        return isAdmin(approver) || state == ApprovalState.APPROVED && mayDecide(approver);
    }

    private boolean mayDecide(Principal approver) {
        return !approver.roles().contains(AGENT_ROLE) && (isAdmin(approver) || isNamed(approver));
    }

    private static boolean isAdmin(Principal principal) {
        return !principal.roles().contains(AGENT_ROLE)
                && principal.roles().stream().anyMatch(ADMIN_ROLES::contains);
    }

    private boolean isNamed(Principal approver) {
        return approvers.stream()
                .map(SubjectSelector::parse)
                .flatMap(Optional::stream)
                .filter(SubjectSelector::namesPeople)
                .anyMatch(selector -> selector.matches(approver));
    }

    private ApprovalTransition count(
            ApprovalVerdict verdict, String subject, String reason, Instant now) {
        if (state == ApprovalState.EXPIRED) {
            return new Expired();
        }
        var repeats =
                verdict == ApprovalVerdict.APPROVE && agreed(votes).contains(Person.of(subject));
        if (!isOpenTo(verdict) || repeats) {
            return new AlreadyDecided(state);
        }
        var all = new ArrayList<>(votes);
        all.add(new ApprovalVote(subject, verdict, reason, now));
        return new Moved(with(stateAfter(verdict, agreed(all).size()), all));
    }

    /** An approval that nobody has used yet can still be taken back. */
    private boolean isOpenTo(ApprovalVerdict verdict) {
        return state == ApprovalState.PENDING
                || state == ApprovalState.APPROVED && verdict == ApprovalVerdict.CANCEL;
    }

    /** Returns the different people who approved. */
    private static Set<Person> agreed(List<ApprovalVote> votes) {
        return votes.stream()
                .filter(vote -> vote.verdict() == ApprovalVerdict.APPROVE)
                .map(vote -> Person.of(vote.approver()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private ApprovalState stateAfter(ApprovalVerdict verdict, int agreed) {
        return switch (verdict) {
            case APPROVE -> agreed >= count ? ApprovalState.APPROVED : ApprovalState.PENDING;
            case DENY -> ApprovalState.DENIED;
            case CANCEL -> ApprovalState.CANCELLED;
        };
    }

    private boolean isOver(Instant now) {
        return !now.isBefore(expires);
    }

    private Approval with(ApprovalState next) {
        return with(next, votes);
    }

    private Approval with(ApprovalState next, List<ApprovalVote> nextVotes) {
        return new Approval(
                id, binding, risk, approvers, count, reason, created, expires, next, nextVotes);
    }
}
