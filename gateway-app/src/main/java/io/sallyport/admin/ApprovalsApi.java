package io.sallyport.admin;

import io.sallyport.error.Reason;
import io.sallyport.gate.ApprovalDesk;
import io.sallyport.gate.ApprovalDesk.Case;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.ApprovalTransition;
import io.sallyport.policy.ApprovalVerdict;
import io.sallyport.policy.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/approvals}: what waits for people, and what they say. */
final class ApprovalsApi {
    private static final int MAX_REASON = 1_000;
    static final Set<String> FILTERS = Set.of("state", "requester", "server", "tool", "cursor");

    private final ApprovalDesk desk;

    ApprovalsApi(ApprovalDesk desk) {
        this.desk = desk;
    }

    AdminAnswer list(AdminRequest request) {
        var page =
                desk.list(
                        request.tenant(),
                        new ApprovalDesk.Query(
                                request.query("state").map(ApprovalsApi::state),
                                request.query("requester"),
                                request.query("server"),
                                request.query("tool"),
                                request.query("cursor").map(ApprovalsApi::cursor)));
        return AdminAnswer.list(
                page.approvals().stream().map(ApprovalsApi::json).toList(), page.next());
    }

    private static String cursor(String text) {
        if (!text.matches("apr_[0-9a-f-]{36}")) {
            throw Refusal.invalid("cursor is not one of ours.");
        }
        return text;
    }

    private static ApprovalState state(String code) {
        for (var state : ApprovalState.values()) {
            if (state.code().equals(code)) {
                return state;
            }
        }
        throw Refusal.invalid(
                Closest.unknown(
                        "state",
                        code,
                        Stream.of(ApprovalState.values()).map(ApprovalState::code).toList()));
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(whole(known(request)));
    }

    private Case known(AdminRequest request) {
        return desk.find(request.tenant(), request.path("id")).orElseThrow(Refusal::notFound);
    }

    AdminAnswer decide(AdminRequest request) {
        var body = Body.read(request.body(), "decision", "reason");
        var reason = body.optionalText("reason").orElse("");
        if (reason.length() > MAX_REASON) {
            throw Refusal.invalid("reason must be at most 1000 characters.");
        }
        var transition =
                desk.decide(
                                request.tenant(),
                                request.path("id"),
                                verdict(body.text("decision")),
                                reason,
                                request.caller())
                        .orElseThrow(Refusal::notFound);
        return answer(transition);
    }

    private static ApprovalVerdict verdict(String code) {
        return switch (code) {
            case "approve" -> ApprovalVerdict.APPROVE;
            case "deny" -> ApprovalVerdict.DENY;
            case "cancel" -> ApprovalVerdict.CANCEL;
            default -> throw Refusal.invalid("decision must be approve, deny or cancel.");
        };
    }

    private static AdminAnswer answer(ApprovalTransition transition) {
        return switch (transition) {
            case ApprovalTransition.Moved(var moved) -> AdminAnswer.ok(json(moved));
            case ApprovalTransition.SelfApproval() ->
                    throw new Refusal(
                            403, Reason.SELF_APPROVAL, "Nobody decides on a call of their own.");
            case ApprovalTransition.NotAnApprover() -> throw Refusal.forbidden();
            case ApprovalTransition.AlreadyDecided _ ->
                    throw new Refusal(
                            409, Reason.APPROVAL_CONSUMED, "The approval is decided already.");
            case ApprovalTransition.Expired() ->
                    throw new Refusal(410, Reason.APPROVAL_EXPIRED, "The approval has expired.");
        };
    }

    /** Approvers see the whole canonical arguments, as text that can hide nothing. */
    private static ObjectNode whole(Case it) {
        return json(it.approval())
                .put("params", VisibleText.of(new String(it.arguments(), StandardCharsets.UTF_8)));
    }

    private static ObjectNode json(Approval approval) {
        var binding = approval.binding();
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put("id", approval.id())
                        .put("state", approval.state().code())
                        .put("requester", VisibleText.of(binding.requester()))
                        .put("op", binding.method())
                        .put("server", binding.tool().server().value())
                        .put("tool", VisibleText.of(binding.tool().tool()))
                        .put("descriptor_digest", binding.descriptorDigest())
                        .put("risk", approval.risk().code())
                        .put("reason", VisibleText.withoutHidden(approval.reason()))
                        .put("created", approval.created().toString())
                        .put("expires", approval.expires().toString())
                        .put("count", approval.count());
        if (!binding.run().isEmpty()) {
            json.put("run", VisibleText.of(binding.run()));
        }
        var approvers = json.putArray("approvers");
        approval.approvers().forEach(it -> approvers.add(VisibleText.of(it)));
        var votes = json.putArray("votes");
        approval.votes()
                .forEach(vote ->
                        votes.addObject()
                                .put("approver", VisibleText.of(vote.approver()))
                                .put(
                                        "decision",
                                        vote.verdict().name().toLowerCase(java.util.Locale.ROOT))
                                .put("reason", VisibleText.withoutHidden(vote.reason()))
                                .put("at", vote.at().toString()));
        return json;
    }
}
