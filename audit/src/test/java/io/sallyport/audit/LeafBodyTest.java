package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeafBodyTest {
    private static final WriterFrame FIRST = WriterLane.open("gw1", 3).next();
    private static final String ZEROS = "0".repeat(64);

    private static String leaf(AuditRecord record) {
        return new String(LeafBody.of(record).framed(FIRST), UTF_8);
    }

    private static AuditRecord record(AuditRecord.Kind kind) {
        return AuditRecord.of(kind, "acme", TestLog.NOON);
    }

    private static AuditRecord called(String tool) {
        return record(AuditRecord.Kind.CALL_DENIED)
                .with(
                        AuditRecord.What.op("tools/call")
                                .with(
                                        new AuditRecord.Tool(
                                                "crm", tool, "", "", List.of(), ToolReview.NONE)));
    }

    @Test
    void writesTheLeastThatARecordCanSay() {
        assertThat(leaf(record(AuditRecord.Kind.HEARTBEAT)))
                .isEqualTo(
                        "{\"kind\":\"heartbeat\",\"log\":\"acme\",\"ts\":1795262400000000,\"v\":1,"
                                + "\"writer\":{\"epoch\":3,\"id\":\"gw1\",\"prev\":\""
                                + ZEROS
                                + "\",\"seq\":1}}");
    }

    private static AuditRecord intent(Commitment args) {
        var approval = new AuditRecord.ApprovalUse("apr-1", List.of("p-1", "p-2"));
        return record(AuditRecord.Kind.CALL_INTENT)
                .with(AuditRecord.Who.of("acme", "p-9", "key-1", "key").onBehalfOf("p-8"))
                .with(
                        AuditRecord.What.op("tools/call")
                                .with(
                                        new AuditRecord.Tool(
                                                "crm",
                                                "delete",
                                                "sha256:aa",
                                                "destructive",
                                                List.of("pii"),
                                                ToolReview.NONE))
                                .args(AuditRecord.Committed.of(args, 2).redacted(args))
                                .egress("crm.example:443")
                                .model("fast")
                                .with(new AuditRecord.Turn("run-1", 2, "call-7")))
                .with(
                        AuditRecord.Decision.allow("crm-writes", "sha256:bb", 41)
                                .with(List.of(approval)))
                .with(new AuditRecord.Trace("t1", "s1", "r1"))
                .with(new AuditRecord.Sealed("0a", "k1", "p-9", "2026-11", "sha256:cc"));
    }

    @Test
    void writesAnIntentInTheDocumentedForm() {
        byte[] salt = new byte[32];
        var args = Commitment.of(salt, "{}".getBytes(UTF_8));
        var record = intent(args);
        assertThat(leaf(record))
                .isEqualTo(
                        """
                        {"decision":{"approvals":[{"approvers":["p-1","p-2"],"id":"apr-1"}],\
                        "effect":"allow","governance":41,"policy":"sha256:bb","rule":"crm-writes"},\
                        "kind":"call.intent","log":"acme",\
                        "sealed":{"digest":"sha256:cc","id":"0a","key":"k1","month":"2026-11",\
                        "subject":"p-9"},\
                        "trace":{"request":"r1","span":"s1","trace":"t1"},\
                        "ts":1795262400000000,"v":1,\
                        "what":{"args":{"commitment":"%s","redacted":"%s","size":2},\
                        "egress":"crm.example:443","model":"fast","op":"tools/call",\
                        "tool":{"descriptor":"sha256:aa","labels":["pii"],"name":"delete",\
                        "risk":"destructive","server":"crm"},\
                        "turn":{"call":"call-7","round":2,"run":"run-1"}},\
                        "who":{"client":"key-1","method":"key","on_behalf_of":"p-8",\
                        "subject":"p-9","tenant":"acme"},\
                        "writer":{"epoch":3,"id":"gw1","prev":"%s","seq":1}}\
                        """
                                .formatted(args.text(), args.text(), ZEROS));
    }

    @Test
    void writesAnOutcomeAndAChangeInTheDocumentedForm() {
        var body = Commitment.of(new byte[32], new byte[0]);
        var record =
                record(AuditRecord.Kind.CALL_OUTCOME)
                        .with(
                                AuditRecord.Result.of(
                                                new RecordId("gw1", 3, 9),
                                                AuditRecord.Status.TOOL_ERROR,
                                                1500)
                                        .with("upstream_error", "")
                                        .with(AuditRecord.Committed.of(body, 0))
                                        .with(new AuditRecord.Tokens(10, 20)))
                        .with(AuditRecord.Change.of("crm", "a", "b").count(2).reason("drift"))
                        .with(AuditRecord.Who.stranger("net-1"));
        assertThat(leaf(record))
                .startsWith(
                        """
                        {"change":{"count":2,"from":"a","reason":"drift","target":"crm","to":"b"},\
                        "kind":"call.outcome","log":"acme",\
                        "result":{"body":{"commitment":"%s","size":0},"code":"upstream_error",\
                        "intent":"gw1:3:9","latency_us":1500,"status":"tool_error",\
                        "tokens":{"input":10,"output":20}},\
                        "ts":1795262400000000,"v":1,"who":{"source":"net-1"},"writer":\
                        """
                                .formatted(body.text()));
    }

    @Test
    void everyKindIsALeafThatItsReaderAccepts() {
        for (var kind : AuditRecord.Kind.values()) {
            var leaf = Leaf.parse(LeafBody.of(record(kind)).framed(FIRST)).orElseThrow();
            assertThat(leaf.kind()).isEqualTo(kind.code());
            assertThat(leaf.frame()).isEqualTo(FIRST);
        }
    }

    @Test
    void kindsAndStatusesHaveDistinctCodes() {
        assertThat(AuditRecord.Kind.values())
                .extracting(AuditRecord.Kind::code)
                .doesNotHaveDuplicates();
        assertThat(AuditRecord.Status.values())
                .extracting(AuditRecord.Status::code)
                .contains("", "ok", "indeterminate")
                .doesNotHaveDuplicates();
    }

    @Test
    void aHostileNameCannotForgeMembersOrLines() {
        String leaf = leaf(called("x\"},\"decision\":{\"effect\":\"allow\"}\n\r\u001b[2K"));
        assertThat(leaf).doesNotContain("\n", "\r", "\u001b").doesNotContain("\"decision\"");
        assertThat(Leaf.parse(leaf.getBytes(UTF_8))).isPresent();
    }

    @Test
    void cutsLongTexts() {
        String leaf = leaf(called("n".repeat(10_000)));
        assertThat(leaf).contains("\"name\":\"" + "n".repeat(511) + "…\"");
    }

    @Test
    void cutsNoCharacterInHalf() {
        String leaf = leaf(called("n".repeat(510) + "😀".repeat(10)));
        assertThat(leaf).contains("\"name\":\"" + "n".repeat(510) + "…\"");
    }

    @Test
    void keepsATextOfExactlyTheLimit() {
        assertThat(leaf(called("n".repeat(512)))).contains("\"" + "n".repeat(512) + "\"");
    }

    /** B5 and row 9. */
    @Test
    void namesTheRiskThatWasSetAndWhatIsNotJudged() {
        var tool =
                new AuditRecord.Tool(
                        "crm",
                        "x",
                        "",
                        "write",
                        List.of(),
                        new ToolReview("read", List.of("/inputSchema/properties/a/pattern")));
        var record =
                record(AuditRecord.Kind.CALL_INTENT)
                        .with(AuditRecord.What.op("tools/call").with(tool));
        assertThat(leaf(record))
                .contains(
                        "\"tool\":{\"name\":\"x\",\"risk\":\"write\",\"risk_set\":\"read\",\"server\":\"crm\","
                                + "\"unjudged\":[\"/inputSchema/properties/a/pattern\"]}");
    }

    @Test
    void refusesARecordThatDoesNotFit() {
        var labels = Collections.nCopies(40, "\u0001".repeat(512));
        var record =
                record(AuditRecord.Kind.CALL_INTENT)
                        .with(
                                AuditRecord.What.op("tools/call")
                                        .with(
                                                new AuditRecord.Tool(
                                                        "crm",
                                                        "x",
                                                        "",
                                                        "",
                                                        labels,
                                                        ToolReview.NONE)));
        assertThatExceptionOfType(LeafTooLarge.class).isThrownBy(() -> LeafBody.of(record));
    }

    @Test
    void neverExceedsTheLimitOnceFramed() {
        var widest =
                new WriterFrame(
                        "w".repeat(32), 999_999_999_999_999L, 999_999_999_999_999L, filled());
        int largest = 0;
        for (int length = 15_500; length < 16_500; length++) {
            largest = Math.max(largest, framedSize(length, widest));
        }
        assertThat(largest).isLessThanOrEqualTo(LeafBody.MAX_LEAF).isGreaterThan(16_300);
    }

    private static int framedSize(int labelBytes, WriterFrame frame) {
        var labels =
                Collections.nCopies(labelBytes / 500, "l".repeat(497)); // 500 with its punctuation
        String rest = "r".repeat(labelBytes % 500);
        var what =
                AuditRecord.What.op("o" + rest)
                        .with(new AuditRecord.Tool("crm", "x", "", "", labels, ToolReview.NONE));
        try {
            var record = record(AuditRecord.Kind.CALL_INTENT).with(what);
            return LeafBody.of(record).framed(frame).length;
        } catch (LeafTooLarge e) {
            return 0;
        }
    }

    private static byte[] filled() {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xff);
        return hash;
    }
}
