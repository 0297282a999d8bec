package io.sallyport.chat;

import io.sallyport.bridge.ToolMessageText;
import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the model reads of a call. A refusal is an ordinary tool message, so that the model can
 * answer; it says nothing that the caller may not know.
 */
final class ToolMessages {
    private ToolMessages() {}

    static String text(CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Answered it -> ToolMessageText.of(it.result());
            case CallOutcome.Refused it -> refused(it);
            case CallOutcome.ApprovalPending it -> pending(it);
            case CallOutcome.InputRequired _ ->
                    error("input_required", "The tool asks for input that cannot be given here.");
            case CallOutcome.RejectedUpstream _ ->
                    error(Reason.UPSTREAM_ERROR.code(), "The tool could not be used.");
            case CallOutcome.Withheld it -> error(it.reason().code(), it.sentence());
            case CallOutcome.NoAnswer it -> error(it.reason().code(), it.sentence());
        };
    }

    private static String refused(CallOutcome.Refused refused) {
        return error(refused.reason().code(), refused.sentence());
    }

    private static String pending(CallOutcome.ApprovalPending pending) {
        var ids =
                pending.approvals().stream()
                        .map(CallOutcome.PendingApproval::id)
                        .collect(Collectors.joining(", "));
        return error(
                Reason.APPROVAL_REQUIRED.code(),
                "The call did not run; it waits for a person (approval id "
                        + ids
                        + "). Once it was approved, make the same call with the same arguments again.");
    }

    private static String error(String code, String sentence) {
        return "Error: " + code + ": " + sentence;
    }

    /** The message that answers {@code call} in the conversation with the model. */
    static ObjectNode message(RequestedCall call, String text) {
        var message = JsonNodeFactory.instance.objectNode();
        message.put("role", "tool");
        message.put("tool_call_id", call.id());
        message.put("content", text);
        return message;
    }
}
