package io.sallyport.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * What one leaf says, all but the writer's frame.
 *
 * <p>Absent is absent from the leaf: empty text, negative numbers, empty lists and {@code NONE}
 * parts are left out. Nothing here may be personal or secret: people are pseudonyms, arguments and
 * results are commitments. Texts are cut at {@link LeafBody#MAX_TEXT} characters.
 *
 * @param log name of the log: a tenant's id or {@code _system}
 * @param micros microseconds since the epoch
 */
public record AuditRecord(
        Kind kind,
        String log,
        long micros,
        Who who,
        What what,
        Decision decision,
        Result result,
        Trace trace,
        Sealed sealed,
        Change change) {

    /** Marks a number that a record does not have. */
    public static final long ABSENT = -1;

    /** A record that says only that something happened; the {@code with} methods add the rest. */
    public static AuditRecord of(Kind kind, String log, Instant at) {
        return new AuditRecord(
                kind,
                log,
                ChronoUnit.MICROS.between(Instant.EPOCH, at),
                Who.NONE,
                What.NONE,
                Decision.NONE,
                Result.NONE,
                Trace.NONE,
                Sealed.NONE,
                Change.NONE);
    }

    public AuditRecord with(Who who) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(What what) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(Decision decision) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(Result result) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(Trace trace) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(Sealed sealed) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    public AuditRecord with(Change change) {
        return new AuditRecord(
                kind, log, micros, who, what, decision, result, trace, sealed, change);
    }

    /** What kind of event; {@link #code()} is the name in the leaf and never changes. */
    public enum Kind {
        CALL_INTENT("call.intent"),
        CALL_OUTCOME("call.outcome"),
        CALL_DENIED("call.denied"),
        CHAT_REQUEST("chat.request"),
        CHAT_ROUND("chat.round"),
        CHAT_RESPONSE("chat.response"),
        APPROVAL_REQUESTED("approval.requested"),
        APPROVAL_DECIDED("approval.decided"),
        APPROVAL_CONSUMED("approval.consumed"),
        APPROVAL_EXPIRED("approval.expired"),
        CATALOG_REGISTERED("catalog.registered"),
        CATALOG_APPROVED("catalog.approved"),
        CATALOG_CHANGED("catalog.changed"),
        CATALOG_REFRESHED("catalog.refreshed"),
        CATALOG_REMOVED("catalog.removed"),
        POLICY_PUBLISHED("policy.published"),
        KEY_CREATED("key.created"),
        KEY_CHANGED("key.changed"),
        KEY_ROTATED("key.rotated"),
        KEY_REVOKED("key.revoked"),
        AUTH_FAILED("auth.failed"),
        REQUEST_REJECTED("request.rejected"),
        CONFIG_CHANGED("config.changed"),
        AUDIT_READ("audit.read"),
        AUDIT_EXPORT("audit.export"),
        AUDIT_ERASE("audit.erase"),
        AUDIT_RETENTION("audit.retention"),
        AUDIT_KEY_ROTATED("audit.key.rotated"),
        WRITER_OPEN("writer.open"),
        WRITER_RECOVER("writer.recover"),
        HEARTBEAT("heartbeat");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /**
     * Who acted.
     *
     * @param subject pseudonym of the person or service
     * @param client id of the key or OAuth client that was shown
     * @param method how it authenticated, e.g. {@code key} or {@code oauth}
     * @param onBehalfOf pseudonym of the person for whom a service acted
     * @param source keyed digest of the network address, where no subject is known
     */
    public record Who(
            String tenant,
            String subject,
            String client,
            String method,
            String onBehalfOf,
            String source) {
        public static final Who NONE = new Who("", "", "", "", "", "");

        /** Somebody who authenticated. */
        public static Who of(String tenant, String subject, String client, String method) {
            return new Who(tenant, subject, client, method, "", "");
        }

        /** Somebody who did not: all that is known is where the request came from. */
        public static Who stranger(String source) {
            return new Who("", "", "", "", "", source);
        }

        public Who onBehalfOf(String pseudonym) {
            return new Who(tenant, subject, client, method, pseudonym, source);
        }
    }

    /**
     * What was asked for.
     *
     * @param op the operation, e.g. {@code tools/call}
     * @param args commitment to the bytes of {@code params} that are sent
     * @param egress host and port that the call goes to, never a path
     * @param model the model's alias
     */
    public record What(
            String op, Tool tool, Committed args, String egress, String model, Turn turn) {
        public static final What NONE = new What("", Tool.NONE, Committed.NONE, "", "", Turn.NONE);

        public static What op(String op) {
            return new What(op, Tool.NONE, Committed.NONE, "", "", Turn.NONE);
        }

        public What with(Tool tool) {
            return new What(op, tool, args, egress, model, turn);
        }

        public What with(Turn turn) {
            return new What(op, tool, args, egress, model, turn);
        }

        public What args(Committed args) {
            return new What(op, tool, args, egress, model, turn);
        }

        public What egress(String egress) {
            return new What(op, tool, args, egress, model, turn);
        }

        public What model(String model) {
            return new What(op, tool, args, egress, model, turn);
        }
    }

    /**
     * The tool, resource or prompt.
     *
     * @param descriptor digest of the pinned descriptor
     * @param risk risk class that applied
     * @param labels labels that the conversation carried when this was written
     */
    public record Tool(
            String server,
            String name,
            String descriptor,
            String risk,
            List<String> labels,
            ToolReview review) {
        public static final Tool NONE = new Tool("", "", "", "", List.of(), ToolReview.NONE);

        public Tool {
            labels = List.copyOf(labels);
        }
    }

    /**
     * The place in a chat run.
     *
     * @param round counted from 1, {@link #ABSENT} outside of chat
     * @param call the call's id: the model's in chat, our own elsewhere
     */
    public record Turn(String run, long round, String call) {
        public static final Turn NONE = new Turn("", ABSENT, "");
    }

    /**
     * Bytes that the log vouches for without showing them.
     *
     * @param commitment {@link Commitment#text()} of the bytes that crossed the wire
     * @param redacted commitment to the sealed text, only where redaction removed something
     * @param size bytes that crossed the wire
     */
    public record Committed(String commitment, String redacted, long size) {
        public static final Committed NONE = new Committed("", "", ABSENT);

        public static Committed of(Commitment commitment, long size) {
            return new Committed(commitment.text(), "", size);
        }

        public Committed redacted(Commitment sealedText) {
            return new Committed(commitment, sealedText.text(), size);
        }
    }

    /**
     * What the gateway decided.
     *
     * @param effect {@code allow}, {@code deny}, {@code require_approval}, or what an approver said
     * @param rule id of the rule that decided
     * @param reason code of a refusal
     * @param policy digest of the policy in force
     * @param governance the tenant's governance sequence at the decision
     */
    public record Decision(
            String effect,
            String rule,
            String reason,
            String policy,
            long governance,
            List<ApprovalUse> approvals) {
        public static final Decision NONE = new Decision("", "", "", "", ABSENT, List.of());

        public Decision {
            approvals = List.copyOf(approvals);
        }

        public static Decision allow(String rule, String policy, long governance) {
            return new Decision("allow", rule, "", policy, governance, List.of());
        }

        public static Decision deny(String reason, String rule, String policy, long governance) {
            return new Decision("deny", rule, reason, policy, governance, List.of());
        }

        public Decision with(List<ApprovalUse> approvals) {
            return new Decision(effect, rule, reason, policy, governance, approvals);
        }
    }

    /** An approval and the pseudonyms of those who gave it. */
    public record ApprovalUse(String id, List<String> approvers) {
        public ApprovalUse {
            approvers = List.copyOf(approvers);
        }
    }

    /**
     * How it ended.
     *
     * @param intent id of the intent's record
     * @param code error code given to the client
     * @param body commitment to the result's bytes
     * @param latencyMicros time the upstream took
     * @param cause what ended it, e.g. {@code timeout} or {@code too_large}; empty if it just ended
     */
    public record Result(
            String intent,
            Status status,
            String code,
            Committed body,
            long latencyMicros,
            Tokens tokens,
            String cause) {
        public static final Result NONE =
                new Result("", Status.NONE, "", Committed.NONE, ABSENT, Tokens.NONE, "");

        public static Result of(RecordId intent, Status status, long latencyMicros) {
            return new Result(
                    intent.toString(), status, "", Committed.NONE, latencyMicros, Tokens.NONE, "");
        }

        /** The end of something that had no intent, e.g. a chat answer. */
        public static Result of(Status status, long latencyMicros) {
            return new Result("", status, "", Committed.NONE, latencyMicros, Tokens.NONE, "");
        }

        public Result with(String code, String cause) {
            return new Result(intent, status, code, body, latencyMicros, tokens, cause);
        }

        public Result with(Committed body) {
            return new Result(intent, status, code, body, latencyMicros, tokens, cause);
        }

        public Result with(Tokens tokens) {
            return new Result(intent, status, code, body, latencyMicros, tokens, cause);
        }
    }

    /** How a call ended. */
    public enum Status {
        /** The record has no result. */
        NONE,
        OK,
        TOOL_ERROR,
        REFUSED,
        NOT_SENT,
        INPUT_REQUIRED,
        /** It may have run; the cause says why nobody knows. */
        INDETERMINATE;

        private final String code = name().toLowerCase(Locale.ROOT);

        /** The name in the leaf; empty for {@link #NONE}. */
        public String code() {
            return this == NONE ? "" : code;
        }
    }

    /** Tokens that a model's provider counted. */
    public record Tokens(long input, long output) {
        public static final Tokens NONE = new Tokens(ABSENT, ABSENT);
    }

    /** Where the same event shows in traces. */
    public record Trace(String traceId, String spanId, String requestId) {
        public static final Trace NONE = new Trace("", "", "");
    }

    /**
     * The sealed payload of this record.
     *
     * @param id random id of the payload
     * @param key id of the key that sealed it
     * @param subject pseudonym whose erasure destroys the key
     * @param month month of the key, {@code yyyy-MM}
     * @param digest SHA-256 of the sealed bytes
     */
    public record Sealed(String id, String key, String subject, String month, String digest) {
        public static final Sealed NONE = new Sealed("", "", "", "", "");
    }

    /**
     * What an administrative event did.
     *
     * @param target what it is about: a server's slug, a key's id, a subject's pseudonym
     * @param from earlier state or digest
     * @param to later state or digest
     * @param count how many were affected
     * @param reason code or basis
     */
    public record Change(String target, String from, String to, long count, String reason) {
        public static final Change NONE = new Change("", "", "", ABSENT, "");

        public static Change of(String target, String from, String to) {
            return new Change(target, from, to, ABSENT, "");
        }

        public Change count(long count) {
            return new Change(target, from, to, count, reason);
        }

        public Change reason(String reason) {
            return new Change(target, from, to, count, reason);
        }
    }
}
