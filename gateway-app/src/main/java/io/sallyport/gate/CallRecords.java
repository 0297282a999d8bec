package io.sallyport.gate;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.AuditRecord.What;
import io.sallyport.audit.AuditRecord.Who;
import io.sallyport.audit.RecordId;
import io.sallyport.audit.ToolReview;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.ShortText;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome.Attempted;
import io.sallyport.gate.CallOutcome.Completed;
import io.sallyport.gate.CallOutcome.InputRequired;
import io.sallyport.gate.CallOutcome.NoAnswer;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.gate.CallOutcome.RejectedUpstream;
import io.sallyport.gate.CallOutcome.RpcFailed;
import io.sallyport.gate.CallOutcome.ToolFailed;
import io.sallyport.gate.CallOutcome.Withheld;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalVote;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.VisibleText;
import io.sallyport.recording.AuditedCall;
import io.sallyport.recording.Payloads;
import io.sallyport.recording.TrailEntry;
import io.sallyport.tenant.TenantView;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the gate writes into the log. No argument, result or name of a person is in any of it. */
final class CallRecords {
    /** Beside an answer that was passed on, but not to the last character. */
    private static final String MENDED = "mended";

    /** What servers may ask clients for; whatever else one writes there stays out of the log. */
    private static final Set<String> ASKABLE =
            Set.of("sampling/createMessage", "elicitation/create", "roots/list");

    /** Characters of the pointers that a record lists, so that a leaf has room for all else. */
    private static final int MAX_UNJUDGED = 1_000;

    private static final byte[] NOTHING = new byte[0];

    /** Longest name of a tool that is recorded though there is none of it. */
    private static final int MAX_ASKED = 128;

    private final Payloads payloads;
    private final Clock clock;

    CallRecords(Payloads payloads, Clock clock) {
        this.payloads = payloads;
        this.clock = clock;
    }

    /**
     * A refusal before the intent. A tool that the caller could not know is named as it was asked
     * for.
     */
    TrailEntry denied(UpstreamCall call, Denial denial, TenantView view, CallContext context) {
        var record =
                base(Kind.CALL_DENIED, context)
                        .with(what(call, denial.target(), context))
                        .with(
                                AuditRecord.Decision.deny(
                                        denial.reason().code(),
                                        denial.rule(),
                                        view.policy().digest(),
                                        view.sequence()));
        return new TrailEntry.Fact(record);
    }

    TrailEntry.Intent intent(AdmittedCall call, List<Approval> approvals) {
        var context = call.context();
        var tenant = context.principal().tenant();
        var who = who(context.principal());
        var sealing = payloads.seal(tenant, who.subject(), call.params(), call.params());
        var record =
                base(Kind.CALL_INTENT, context, who)
                        .with(what(call).args(sealing.commitment()))
                        .with(allowed(call).with(uses(tenant, approvals)))
                        .with(sealing.reference());
        return new TrailEntry.Intent(record, context.key(), call.sequence(), sealing.sealed());
    }

    private static AuditRecord.Decision allowed(AdmittedCall call) {
        return AuditRecord.Decision.allow(
                call.rule(), call.view().policy().digest(), call.sequence());
    }

    private List<AuditRecord.ApprovalUse> uses(TenantId tenant, List<Approval> approvals) {
        return approvals.stream()
                .map(it ->
                        new AuditRecord.ApprovalUse(
                                it.id(),
                                it.votes().stream()
                                        .map(ApprovalVote::approver)
                                        .map(name -> payloads.pseudonym(tenant, name))
                                        .toList()))
                .toList();
    }

    /** A further attempt of a call that waits: its record names what it waits for. */
    static TrailEntry waiting(TrailEntry denied, List<PendingApproval> pending) {
        var record = denied.record();
        var uses =
                pending.stream()
                        .map(it -> new AuditRecord.ApprovalUse(it.id(), List.of()))
                        .toList();
        return new TrailEntry.Fact(record.with(record.decision().with(uses)));
    }

    /** The record of a call that waits, once the approval has its id. */
    AuditedCall audited(AdmittedCall call) {
        var context = call.context();
        var base =
                base(Kind.APPROVAL_REQUESTED, context)
                        .with(what(call))
                        .with(
                                new AuditRecord.Decision(
                                        "require_approval",
                                        call.rule(),
                                        "",
                                        call.view().policy().digest(),
                                        call.sequence(),
                                        List.of()));
        return new AuditedCall(id ->
                base.with(
                        base.decision().with(List.of(new AuditRecord.ApprovalUse(id, List.of())))));
    }

    TrailEntry.Outcome outcome(AdmittedCall call, RecordId intent, Attempted outcome, long micros) {
        var who = who(call.context().principal());
        var base = base(Kind.CALL_OUTCOME, call.context(), who).with(what(call));
        var result = AuditRecord.Result.of(intent, status(outcome), micros);
        return switch (outcome) {
            case NoAnswer(var cause, _) -> bare(base, because(result, cause), intent);
            case Withheld(var cause, _) -> bare(base, because(result, cause), intent);
            case RejectedUpstream _ -> bare(base, because(result, Cause.RPC_ERROR), intent);
            case Completed(var tree, var mended) ->
                    sealed(base, asRead(result, mended), sealing(call, who, tree), intent);
            case ToolFailed(var tree, var mended) ->
                    sealed(base, asRead(result, mended), sealing(call, who, tree), intent);
            case RpcFailed(var tree) ->
                    sealed(
                            base,
                            because(result, Cause.RPC_ERROR),
                            sealing(call, who, tree),
                            intent);
            case InputRequired(_, var tree, _, _) ->
                    sealed(base, result, sealing(call, who, tree), intent);
        };
    }

    /** The server may be heard from now on. */
    TrailEntry.Outcome subscribed(AdmittedCall call, RecordId intent, long micros) {
        var base = base(Kind.CALL_OUTCOME, call.context()).with(what(call));
        return bare(base, AuditRecord.Result.of(intent, Status.OK, micros), intent);
    }

    static Status status(Attempted outcome) {
        return switch (outcome) {
            case Completed _ -> Status.OK;
            case ToolFailed _, RpcFailed _, RejectedUpstream _ -> Status.TOOL_ERROR;
            case InputRequired _ -> Status.INPUT_REQUIRED;
            case Withheld _ -> Status.REFUSED;
            case NoAnswer(_, var sent) -> sent ? Status.INDETERMINATE : Status.NOT_SENT;
        };
    }

    private static AuditRecord.Result because(AuditRecord.Result result, Cause cause) {
        return result.with(cause.reason().code(), cause.code());
    }

    private static AuditRecord.Result asRead(AuditRecord.Result result, boolean mended) {
        return mended ? result.with("", MENDED) : result;
    }

    private static TrailEntry.Outcome bare(
            AuditRecord base, AuditRecord.Result result, RecordId intent) {
        return new TrailEntry.Outcome(base.with(result), intent, NOTHING);
    }

    private Payloads.Sealing sealing(AdmittedCall call, Who who, JsonNode tree) {
        var tenant = call.context().principal().tenant();
        return payloads.seal(tenant, who.subject(), JsonText.write(tree), NOTHING);
    }

    private static TrailEntry.Outcome sealed(
            AuditRecord base,
            AuditRecord.Result result,
            Payloads.Sealing sealing,
            RecordId intent) {
        return new TrailEntry.Outcome(
                base.with(result.with(sealing.commitment())).with(sealing.reference()),
                intent,
                sealing.sealed());
    }

    /** The server asked for something that was not on offer, and got nothing. */
    AuditRecord unasked(AdmittedCall call, String method) {
        var known = ASKABLE.contains(method) ? method : "unknown";
        return base(Kind.REQUEST_REJECTED, call.context())
                .with(What.op(known).with(describe(call.target())))
                .with(Change.of("upstream", "", "").reason(Reason.NOT_RELAYED.code()));
    }

    /** An outcome that says how the call ended and no more; needs nothing from the store. */
    TrailEntry.Outcome bareOutcome(AdmittedCall call, RecordId intent, Status status, long micros) {
        var tenant = call.context().principal().tenant().value();
        var record =
                AuditRecord.of(Kind.CALL_OUTCOME, tenant, clock.instant())
                        .with(what(call))
                        .with(AuditRecord.Result.of(intent, status, micros));
        return new TrailEntry.Outcome(record, intent, NOTHING);
    }

    private AuditRecord base(Kind kind, CallContext context) {
        return base(kind, context, who(context.principal()));
    }

    private AuditRecord base(Kind kind, CallContext context, Who who) {
        return AuditRecord.of(kind, context.principal().tenant().value(), clock.instant())
                .with(who)
                .with(new AuditRecord.Trace("", "", context.requestId()));
    }

    private Who who(Principal principal) {
        return Who.of(
                principal.tenant().value(),
                payloads.pseudonym(principal.tenant(), principal.subject()),
                principal.credential(),
                "key");
    }

    private static What what(AdmittedCall call) {
        return what(call.call(), Optional.of(call.target()), call.context());
    }

    private static What what(UpstreamCall call, Optional<Target> target, CallContext context) {
        return What.op(call.method())
                .with(target.map(CallRecords::describe).orElseGet(() -> asked(call)))
                .with(
                        new AuditRecord.Turn(
                                context.run().orElse(""), AuditRecord.ABSENT, context.key()));
    }

    /** What a caller asked for that it could not know; a URI may be more than a name. */
    private static AuditRecord.Tool asked(UpstreamCall call) {
        return call instanceof ToolCall || call instanceof PromptGet
                ? new AuditRecord.Tool(
                        "", askedName(call.name()), "", "", List.of(), ToolReview.NONE)
                : AuditRecord.Tool.NONE;
    }

    /** No server has longer names, and whoever reads the log sees every character. */
    private static String askedName(String name) {
        return ShortText.cut(VisibleText.of(ShortText.cut(name, MAX_ASKED)), MAX_ASKED);
    }

    private static AuditRecord.Tool describe(Target target) {
        return new AuditRecord.Tool(
                target.ref().server().value(),
                target.ref().tool(),
                target.digest(),
                target.risk().code(),
                List.copyOf(target.labels()),
                review(target));
    }

    private static ToolReview review(Target target) {
        return switch (target) {
            case Target.Tool(var tool, _) ->
                    new ToolReview(
                            tool.raisedBy().map(_ -> tool.risk().code()).orElse(""),
                            unjudged(tool));
            case Target.Content _ -> ToolReview.NONE;
        };
    }

    /** The first of them; the descriptor's digest stands for them all. */
    private static List<String> unjudged(CatalogTool tool) {
        var shown = new ArrayList<String>();
        int characters = 0;
        for (var pointer : tool.unjudged()) {
            characters += pointer.length();
            if (characters > MAX_UNJUDGED) {
                shown.add("…");
                return shown;
            }
            shown.add(pointer);
        }
        return shown;
    }
}
