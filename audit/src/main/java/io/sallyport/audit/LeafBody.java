package io.sallyport.audit;

import io.sallyport.audit.json.CanonicalWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The canonical JSON of one record, ready for the writer's frame. The frame's member sorts last, so
 * callers encode on their own threads and the single writer only appends.
 */
public final class LeafBody {
    /** Largest leaf in bytes: small enough to read, far above any record that we write. */
    public static final int MAX_LEAF = 16 * 1024;

    /** Longest text member in UTF-16 units; names that strangers made up are cut here. */
    public static final int MAX_TEXT = 512;

    /** Version of the leaf format. */
    static final int VERSION = 1;

    private static final String CUT_MARK = "…";

    /** Upper bound of what {@link #framed} adds. */
    private static final int MAX_FRAME = 192;

    private final String log;
    private final byte[] open;

    private LeafBody(String log, byte[] open) {
        this.log = log;
        this.open = open;
    }

    /**
     * Encodes {@code record}.
     *
     * @throws LeafTooLarge if the leaf would exceed {@link #MAX_LEAF}
     */
    public static LeafBody of(AuditRecord record) {
        var out = new CanonicalWriter().open();
        change(out, record.change());
        decision(out, record.decision());
        out.text("kind", record.kind().code()).text("log", record.log());
        result(out, record.result());
        sealed(out, record.sealed());
        trace(out, record.trace());
        out.number("ts", record.micros()).number("v", VERSION);
        what(out, record.what());
        who(out, record.who());
        byte[] open = out.close().reopen().bytes();
        if (open.length + MAX_FRAME > MAX_LEAF) {
            throw new LeafTooLarge(open.length + MAX_FRAME);
        }
        return new LeafBody(record.log(), open);
    }

    /** The log that the record belongs to. */
    public String log() {
        return log;
    }

    /** The leaf: at most {@link #MAX_LEAF} bytes of canonical JSON. */
    public byte[] framed(WriterFrame frame) {
        byte[] tail = tail(frame);
        byte[] leaf = new byte[open.length + tail.length];
        System.arraycopy(open, 0, leaf, 0, open.length);
        System.arraycopy(tail, 0, leaf, open.length, tail.length);
        return leaf;
    }

    /** What {@link #framed} adds: every leaf ends with the tail of its frame. */
    public static byte[] tail(WriterFrame frame) {
        return (",\"writer\":{\"epoch\":"
                        + frame.epoch()
                        + ",\"id\":\""
                        + frame.writer()
                        + "\",\"prev\":\""
                        + HexFormat.of().formatHex(frame.previous())
                        + "\",\"seq\":"
                        + frame.sequence()
                        + "}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void change(CanonicalWriter out, AuditRecord.Change change) {
        out.open("change").number("count", change.count());
        text(out, "from", change.from());
        text(out, "reason", change.reason());
        text(out, "target", change.target());
        text(out, "to", change.to());
        out.close();
    }

    private static void decision(CanonicalWriter out, AuditRecord.Decision decision) {
        out.open("decision");
        approvals(out, decision.approvals());
        text(out, "effect", decision.effect());
        out.number("governance", decision.governance());
        text(out, "policy", decision.policy());
        text(out, "reason", decision.reason());
        text(out, "rule", decision.rule());
        out.close();
    }

    private static void approvals(CanonicalWriter out, List<AuditRecord.ApprovalUse> approvals) {
        if (approvals.isEmpty()) {
            return;
        }
        out.openArray("approvals");
        for (var approval : approvals) {
            out.open();
            texts(out, "approvers", approval.approvers());
            text(out, "id", approval.id());
            out.close();
        }
        out.closeArray();
    }

    private static void result(CanonicalWriter out, AuditRecord.Result result) {
        out.open("result");
        committed(out, "body", result.body());
        text(out, "cause", result.cause());
        text(out, "code", result.code());
        text(out, "intent", result.intent());
        out.number("latency_us", result.latencyMicros());
        out.text("status", result.status().code());
        out.open("tokens")
                .number("input", result.tokens().input())
                .number("output", result.tokens().output())
                .close();
        out.close();
    }

    private static void sealed(CanonicalWriter out, AuditRecord.Sealed sealed) {
        out.open("sealed");
        text(out, "digest", sealed.digest());
        text(out, "id", sealed.id());
        text(out, "key", sealed.key());
        text(out, "month", sealed.month());
        text(out, "subject", sealed.subject());
        out.close();
    }

    private static void trace(CanonicalWriter out, AuditRecord.Trace trace) {
        out.open("trace");
        text(out, "request", trace.requestId());
        text(out, "span", trace.spanId());
        text(out, "trace", trace.traceId());
        out.close();
    }

    private static void what(CanonicalWriter out, AuditRecord.What what) {
        out.open("what");
        committed(out, "args", what.args());
        text(out, "egress", what.egress());
        text(out, "model", what.model());
        text(out, "op", what.op());
        tool(out, what.tool());
        turn(out, what.turn());
        out.close();
    }

    private static void tool(CanonicalWriter out, AuditRecord.Tool tool) {
        out.open("tool");
        text(out, "descriptor", tool.descriptor());
        texts(out, "labels", tool.labels());
        text(out, "name", tool.name());
        text(out, "risk", tool.risk());
        text(out, "risk_set", tool.review().riskSet());
        text(out, "server", tool.server());
        texts(out, "unjudged", tool.review().unjudged());
        out.close();
    }

    private static void turn(CanonicalWriter out, AuditRecord.Turn turn) {
        out.open("turn");
        text(out, "call", turn.call());
        out.number("round", turn.round());
        text(out, "run", turn.run());
        out.close();
    }

    private static void who(CanonicalWriter out, AuditRecord.Who who) {
        out.open("who");
        text(out, "client", who.client());
        text(out, "method", who.method());
        text(out, "on_behalf_of", who.onBehalfOf());
        text(out, "source", who.source());
        text(out, "subject", who.subject());
        text(out, "tenant", who.tenant());
        out.close();
    }

    private static void committed(
            CanonicalWriter out, String name, AuditRecord.Committed committed) {
        out.open(name);
        text(out, "commitment", committed.commitment());
        text(out, "redacted", committed.redacted());
        out.number("size", committed.size());
        out.close();
    }

    private static void texts(CanonicalWriter out, String name, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        var bounded = new ArrayList<String>(values.size());
        values.forEach(value -> bounded.add(bounded(value)));
        out.texts(name, bounded);
    }

    private static void text(CanonicalWriter out, String name, String value) {
        out.text(name, bounded(value));
    }

    private static String bounded(String value) {
        if (value.length() <= MAX_TEXT) {
            return value;
        }
        boolean splitsPair = Character.isHighSurrogate(value.charAt(MAX_TEXT - 2));
        return value.substring(0, MAX_TEXT - (splitsPair ? 2 : 1)) + CUT_MARK;
    }
}
