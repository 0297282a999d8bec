package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.gate.Candidate.Arguments;
import io.sallyport.gate.Candidate.Resolution;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.FreshPin.Seen;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.Decision;
import io.sallyport.policy.DenyReason;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.TenantView;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps 1 to 5 of the gate, for tools, resources and prompts alike: resolve the name, check the
 * pin, read and validate the arguments, ask policy; then a place among the calls of the server. The
 * first four have no effect on anything; a throw anywhere in them is a denial.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final FreshPin pin;
    private final Circuits circuits;
    private final Clock clock;
    private final Validators validators;

    Admission(ListFreshness lists, Circuits circuits, Clock clock, Validators validators) {
        pin = new FreshPin(lists, circuits);
        this.circuits = circuits;
        this.clock = clock;
        this.validators = validators;
    }

    /** What these steps say. */
    sealed interface Verdict {
        record Admitted(AdmittedCall call) implements Verdict {}

        record Refused(Denial denial) implements Verdict {}

        /** This has changed meanwhile. */
        record Overtaken(Target target) implements Verdict {}
    }

    /**
     * What is to be judged.
     *
     * @param spent what earlier decisions on it took of its time
     */
    record Asked(UpstreamCall call, CallContext context, Duration spent) {
        /** What is left of the time that it may take with this server. */
        CallContext within(Duration limit) {
            return context.within(limit).after(spent);
        }
    }

    Verdict judge(TenantView view, Asked asked) throws InterruptedException {
        if (!view.policy().isReadable()) {
            return undecided("The rules of this tenant cannot be read, so no call is decided on.");
        }
        try {
            return resolve(view, asked);
        } catch (RuntimeException e) {
            LOG.error("admission: {}", e.getClass().getSimpleName());
            return undecided("The call could not be decided on, so it is denied.");
        }
    }

    private static Verdict undecided(String sentence) {
        return refused(Denial.of(Reason.POLICY_UNAVAILABLE, sentence, Optional.empty()));
    }

    private static Verdict refused(Denial denial) {
        return new Verdict.Refused(denial);
    }

    /** Step 5: breaker and bulkhead of the server. */
    Entry enter(AdmittedCall call) {
        return circuits.of(call.server()).enter();
    }

    /** Step 1: unknown and forbidden are the same answer. */
    private Verdict resolve(TenantView view, Asked asked) throws InterruptedException {
        return switch (candidate(view, asked.call(), asked.context())) {
            case Resolution.Found(var candidate) -> pin(candidate, view, asked);
            case Resolution.Denied(var denial) -> refused(denial);
        };
    }

    private Resolution candidate(TenantView view, UpstreamCall call, CallContext context) {
        var key =
                view.key(context.principal().credential())
                        .filter(it -> it.usableAt(clock.instant()));
        return switch (call) {
            case ToolCall it -> ToolCandidate.of(it, key, view, context.offer(), validators);
            case ContentCall it -> ContentCandidate.of(it, key, view, context.offer());
        };
    }

    /** Step 2: the approved digest, seen lately. */
    private Verdict pin(Candidate candidate, TenantView view, Asked asked)
            throws InterruptedException {
        var server = view.server(candidate.target().ref().server()).orElseThrow();
        var call = asked.call();
        if (call.continued().filter(it -> !isAsker(server, it)).isPresent()) {
            return refused(
                    Denial.of(
                            Reason.REQUEST_STATE_INVALID,
                            "The server was moved since it asked.",
                            Optional.of(candidate.target())));
        }
        var left = asked.within(candidate.time(server));
        if (!asked.spent().isZero() && !left.hasTime()) {
            return refused(Denial.overtaken(candidate.target()));
        }
        return switch (pin.check(server, left)) {
            case Seen.Lately seen -> arguments(candidate, new Call(call, server, view, seen));
            case Seen.TooLongAgo(var reason, var sentence) ->
                    refused(Denial.of(reason, sentence, Optional.of(candidate.target())));
            case Seen.Overtaken() -> new Verdict.Overtaken(candidate.target());
        };
    }

    /** What one server asked is answered to no other, whatever was moved meanwhile. */
    private static boolean isAsker(McpServer server, Continued continued) {
        return continued.asker().equals(server.transport().place());
    }

    /** A call of which only the arguments and the decision are missing. */
    private record Call(UpstreamCall call, McpServer server, TenantView view, Seen.Lately seen) {
        AdmittedCall admitted(
                Arguments.Valid arguments, String rule, List<ApprovalRequirement> requirements) {
            return new AdmittedCall(
                    call,
                    arguments.target(),
                    server,
                    seen.launch(),
                    arguments.params(),
                    rule,
                    requirements,
                    view,
                    seen.context());
        }
    }

    /** Step 3: decoded once, strictly, and valid under the validator of that very descriptor. */
    private static Verdict arguments(Candidate candidate, Call call) throws InterruptedException {
        return switch (candidate.arguments()) {
            case Arguments.Valid valid -> decide(candidate, call, valid);
            case Arguments.Invalid(var denial) -> refused(denial);
        };
    }

    /** Step 4. */
    private static Verdict decide(Candidate candidate, Call call, Arguments.Valid arguments) {
        return switch (candidate.decide()) {
            case Decision.Allow(var rule) ->
                    new Verdict.Admitted(call.admitted(arguments, rule, List.of()));
            case Decision.RequireApproval(var requirements) ->
                    new Verdict.Admitted(
                            call.admitted(arguments, requirements.getFirst().rule(), requirements));
            case Decision.Deny(var reason, var rule) ->
                    refused(candidate.unknown(reasonOf(reason), rule));
        };
    }

    static Reason reasonOf(DenyReason reason) {
        return switch (reason) {
            case NOT_ALLOWED -> Reason.NOT_ALLOWED;
            case EXPLICIT_DENY -> Reason.EXPLICIT_DENY;
            case POLICY_UNAVAILABLE -> Reason.POLICY_UNAVAILABLE;
        };
    }
}
