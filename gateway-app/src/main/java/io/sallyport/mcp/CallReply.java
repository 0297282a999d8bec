package io.sallyport.mcp;

import io.sallyport.error.Reason;
import io.sallyport.gate.CallOutcome;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.gate.CallResult;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outcome of a tools/call: what a model may react to is a result with isError. What we say of a
 * call stands in its text, and for programs under {@link #REFUSAL} in its _meta; in its
 * structuredContent only where the tool declares no schema for that, which clients hold against it
 * though it is an error, and then with the text: some show their model nothing else.
 */
final class CallReply {
    private static final String RECORD = "io.sallyport/record";
    private static final String REFUSAL = "io.sallyport/refusal";

    /** What tells clients that they are asked something; no result of an upstream does. */
    private static final Set<String> ASKING = Set.of("resultType", "inputRequests", "requestState");

    /** What results are made of: blocks, what was read, messages with a block each. */
    private static final Set<String> PARTS = Set.of("content", "contents", "messages");

    /** What a part of a result has in it that is one too. */
    private static final Set<String> INNER = Set.of("content", "resource");

    private static final Set<String> NO_NULLS = Set.of("_meta", "annotations");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String HELD_BACK =
            "The answers were not passed on to the server; the tool may have run.";

    private final BooleanSupplier judged;
    private final boolean isLater;

    /**
     * @param judged whether clients may hold structuredContent of this tool against a schema; asked
     *     only for what we say ourselves
     * @param isLater whether this is a later leg of a call: its server has seen the call before
     */
    CallReply(BooleanSupplier judged, boolean isLater) {
        this.judged = judged;
        this.isLater = isLater;
    }

    Reply of(CallResult result) {
        var record = result.record();
        return switch (result.outcome()) {
            case CallOutcome.Answered answered -> passed(answered.result(), record);
            case CallOutcome.InputRequired _ -> cannotAsk(record);
            case CallOutcome.Refused refused when isLater ->
                    mayHaveRun(refused.reason(), HELD_BACK, record);
            case CallOutcome.Refused refused -> refused(refused, record);
            case CallOutcome.ApprovalPending pending -> pending(pending, record);
            case CallOutcome.RejectedUpstream _ ->
                    failed(Reason.UPSTREAM_ERROR, "The server could not be used.", record);
            case CallOutcome.Withheld withheld -> withheld(withheld, record);
            case CallOutcome.NoAnswer none when none.sent() || isLater ->
                    mayHaveRun(none.reason(), none.cause().sentence(true), record);
            case CallOutcome.NoAnswer none -> failed(none.reason(), none.sentence(), record);
        };
    }

    /**
     * The upstream's own tree, with our record's id in its _meta. It is a whole result, whatever it
     * says: what an upstream really asks is an outcome of its own.
     */
    static Reply passed(JsonNode result, Optional<String> record) {
        var copy = JSON.objectNode();
        result.properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        copy.remove(ASKING);
        if (copy.path("_meta").has(REFUSAL)) {
            meta(copy).remove(REFUSAL); // only the gateway refuses
        }
        return recorded(copy, record);
    }

    /**
     * The same for a client of 2025, whose schemas know no null: where structuredContent, or the
     * _meta or annotations of what a result is made of, mean nothing, they are not there.
     */
    static Reply withoutNulls(Reply reply) {
        if (reply instanceof Reply.Done(var result, _)) {
            if (result.path("structuredContent").isNull()) {
                result.remove("structuredContent");
            }
            PARTS.stream()
                    .filter(it -> result.path(it).isContainer())
                    .forEach(it -> result.set(it, partsWithoutNulls(result.path(it))));
        }
        return reply;
    }

    /**
     * A copy if there is anything to leave out, since the tree is the upstream's: a block, a list
     * of them, or what has one in it.
     */
    private static JsonNode partsWithoutNulls(JsonNode parts) {
        if (!haveNulls(parts)) {
            return parts;
        }
        if (parts.isArray()) {
            var list = JSON.arrayNode();
            parts.valueStream().map(CallReply::partsWithoutNulls).forEach(list::add);
            return list;
        }
        if (!(parts instanceof ObjectNode part)) {
            return parts;
        }
        var copy = JSON.objectNode();
        part.properties().stream()
                .filter(it -> !it.getValue().isNull() || !NO_NULLS.contains(it.getKey()))
                .forEach(it -> copy.set(it.getKey(), within(it.getKey(), it.getValue())));
        return copy;
    }

    private static boolean haveNulls(JsonNode parts) {
        return parts.isArray()
                ? parts.valueStream().anyMatch(CallReply::haveNulls)
                : parts.properties().stream().anyMatch(it -> hasNull(it.getKey(), it.getValue()));
    }

    private static boolean hasNull(String member, JsonNode value) {
        return NO_NULLS.contains(member) && value.isNull()
                || INNER.contains(member) && haveNulls(value);
    }

    private static JsonNode within(String member, JsonNode value) {
        return INNER.contains(member) ? partsWithoutNulls(value) : value;
    }

    private static Reply recorded(ObjectNode result, Optional<String> record) {
        record.ifPresent(it -> meta(result).put(RECORD, it));
        return new Reply.Done(result, record);
    }

    /** The _meta of a result of ours, a copy of what the upstream wrote there. */
    static ObjectNode meta(ObjectNode result) {
        var meta = JSON.objectNode();
        if (result.get("_meta") instanceof ObjectNode theirs) {
            meta.setAll(theirs);
        }
        result.set("_meta", meta);
        return meta;
    }

    private Reply refused(CallOutcome.Refused refused, Optional<String> record) {
        return switch (refused.reason()) {
            case UNKNOWN_TOOL, UNKNOWN_RESOURCE, UNKNOWN_PROMPT, TOOL_NOT_OFFERED ->
                    new Reply.Failed(RpcFault.invalidParams(refused.sentence()), record);
            case AUDIT_UNAVAILABLE, POLICY_UNAVAILABLE, STORE_UNAVAILABLE, OVERLOADED ->
                    new Reply.Failed(
                            RpcFault.of(503, RpcFault.INTERNAL_ERROR, refused.reason().code()),
                            record);
            default -> {
                var refusal = refusal(refused.reason());
                if (!refused.details().isEmpty()) {
                    refused.details().forEach(refusal.putArray("errors")::add);
                }
                yield isError(refusal, refused.sentence(), record);
            }
        };
    }

    private Reply pending(CallOutcome.ApprovalPending pending, Optional<String> record) {
        var refusal = refusal(Reason.APPROVAL_REQUIRED);
        pending.approvals().stream().findFirst().ifPresent(it -> describe(refusal, it));
        var all = refusal.putArray("approvals");
        pending.approvals().forEach(it -> describe(all.addObject(), it));
        if (isLater) {
            refusal.put("may_have_run", true);
        }
        var named =
                pending.approvals().stream()
                        .map(it -> it.id() + " until " + it.expires())
                        .collect(Collectors.joining(", "));
        return isError(
                refusal,
                "This call waits for approval ("
                        + named
                        + "). Make the same call again once it was given."
                        + (isLater ? " " + HELD_BACK : ""),
                record);
    }

    private static void describe(ObjectNode target, PendingApproval approval) {
        target.put("approvalId", approval.id()).put("expiresAt", approval.expires().toString());
    }

    private Reply withheld(CallOutcome.Withheld withheld, Optional<String> record) {
        return isError(refusal(withheld.reason()).put("ran", true), withheld.sentence(), record);
    }

    private Reply mayHaveRun(Reason reason, String sentence, Optional<String> record) {
        return isError(refusal(reason).put("may_have_run", true), sentence, record);
    }

    /** The client cannot answer what the upstream asks, which has begun to work on the call. */
    Reply cannotAsk(Optional<String> record) {
        return mayHaveRun(
                Reason.UPSTREAM_PROTOCOL_ERROR,
                "The server asks for input that this client cannot give; the tool may have run.",
                record);
    }

    private Reply failed(Reason reason, String sentence, Optional<String> record) {
        return isError(refusal(reason), sentence, record);
    }

    private static ObjectNode refusal(Reason reason) {
        return JSON.objectNode().put("code", reason.code());
    }

    /** A model reads the text only, so that begins with the code. */
    private Reply isError(ObjectNode refusal, String sentence, Optional<String> record) {
        var text = refusal.path("code").asString() + ": " + sentence;
        var result = JSON.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        if (!judged.getAsBoolean()) {
            var structured = result.putObject("structuredContent");
            structured.setAll(refusal);
            structured.put("message", text);
        }
        result.put("isError", true);
        meta(result).set(REFUSAL, refusal);
        return recorded(result, record);
    }
}
