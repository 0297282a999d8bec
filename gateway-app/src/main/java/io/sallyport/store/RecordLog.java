package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.ApprovalUse;
import io.sallyport.audit.RecordId;
import io.sallyport.policy.VisibleText;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line in the operator's log for each record that somebody may be woken for: who, what, why,
 * and the record's id. It says no more than the record: people are pseudonyms, and neither
 * arguments nor results are there, and so not what an approver says of a call either.
 */
final class RecordLog {
    private static final Logger LOG = LoggerFactory.getLogger(RecordLog.class);

    /** Names of tools and reasons of admins may be longer; the record has all of them. */
    private static final int MAX_VALUE = 200;

    private RecordLog() {}

    /** The record is on disk. */
    static void written(AuditRecord record, RecordId id) {
        if (isTold(record.kind()) && LOG.isInfoEnabled()) {
            LOG.info("{}", line(record, id));
        }
    }

    /** What begins is told with its end, what only belongs to something else with that. */
    private static boolean isTold(AuditRecord.Kind kind) {
        return switch (kind) {
            case CALL_OUTCOME,
                    CALL_DENIED,
                    CHAT_RESPONSE,
                    APPROVAL_REQUESTED,
                    APPROVAL_DECIDED,
                    APPROVAL_EXPIRED,
                    CATALOG_REGISTERED,
                    CATALOG_APPROVED,
                    CATALOG_CHANGED,
                    CATALOG_REMOVED,
                    POLICY_PUBLISHED,
                    KEY_CREATED,
                    KEY_CHANGED,
                    KEY_ROTATED,
                    KEY_REVOKED,
                    AUTH_FAILED,
                    REQUEST_REJECTED,
                    CONFIG_CHANGED,
                    AUDIT_EXPORT,
                    AUDIT_ERASE,
                    AUDIT_RETENTION,
                    AUDIT_KEY_ROTATED,
                    WRITER_RECOVER ->
                    true;
            case CALL_INTENT,
                    CHAT_REQUEST,
                    CHAT_ROUND,
                    APPROVAL_CONSUMED,
                    CATALOG_REFRESHED,
                    AUDIT_READ,
                    WRITER_OPEN,
                    HEARTBEAT ->
                    false;
        };
    }

    static String line(AuditRecord record, RecordId id) {
        var line = new Line(record.kind().code());
        line.add("tenant", record.log());
        line.add("who", record.who().subject());
        line.add("key", record.who().client());
        line.add("source", record.who().source());
        describe(record.what(), line);
        describe(record.decision(), line);
        describe(record.result(), line);
        describe(record.change(), line);
        if (record.kind() != AuditRecord.Kind.APPROVAL_DECIDED) {
            line.add("because", record.change().reason());
        }
        line.add("request", record.trace().requestId());
        line.add("record", id.toString());
        return line.text();
    }

    private static void describe(AuditRecord.What what, Line line) {
        line.add("op", what.op());
        line.add("server", what.tool().server());
        line.add("tool", what.tool().name());
        line.add("risk", what.tool().risk());
        line.add("model", what.model());
        line.add("run", what.turn().run());
    }

    private static void describe(AuditRecord.Decision decision, Line line) {
        line.add("decision", decision.effect());
        line.add("rule", decision.rule());
        line.add("reason", decision.reason());
        line.add(
                "approval",
                decision.approvals().stream()
                        .map(ApprovalUse::id)
                        .collect(Collectors.joining(",")));
    }

    private static void describe(AuditRecord.Result result, Line line) {
        line.add("status", result.status().code());
        line.add("code", result.code());
        line.add("cause", result.cause());
        if (result.latencyMicros() >= 0) {
            line.add("ms", String.valueOf(result.latencyMicros() / 1_000));
        }
        line.add("intent", result.intent());
    }

    private static void describe(AuditRecord.Change change, Line line) {
        line.add("target", change.target());
        line.add("from", change.from());
        line.add("to", change.to());
        if (change.count() >= 0) {
            line.add("count", String.valueOf(change.count()));
        }
    }

    /** {@code kind name=value …}; what is not plain stands in quotes, nothing begins a line. */
    private static final class Line {
        private final StringBuilder text;

        Line(String kind) {
            text = new StringBuilder(256).append(kind);
        }

        void add(String name, String value) {
            if (value.isEmpty()) {
                return;
            }
            text.append(' ').append(name).append('=');
            var shown = VisibleText.of(value.substring(0, Math.min(value.length(), MAX_VALUE)));
            if (isPlain(shown)) {
                text.append(shown);
            } else {
                text.append('"').append(shown.replace("\"", "'")).append('"');
            }
        }

        private static boolean isPlain(String shown) {
            for (int at = 0; at < shown.length(); at++) {
                if (!isPlain(shown.charAt(at))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isPlain(char character) {
            return character > ' ' && character != '"' && character != '=';
        }

        String text() {
            return text.toString();
        }
    }
}
