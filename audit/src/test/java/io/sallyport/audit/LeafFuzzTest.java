package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.audit.json.CanonicalReader;
import io.sallyport.audit.json.JsonValue;
import io.sallyport.audit.json.NotCanonical;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for whatever a store or an export gives as a leaf. */
class LeafFuzzTest {
    private static final FuzzInputs LEAVES =
            FuzzInputs.of(
                    List.of(
                            leaf(AuditRecord.Change.NONE),
                            leaf(new AuditRecord.Change("p-1", "a\n\"\\", "é\u2028", 7, "\u0001")),
                            "{\"a\":[1,{\"b\":[true,false,\"\"]},9007199254740991],\"b\":{\"c\":0}}"),
                    List.of(
                            "{\"a\":",
                            "\"a\":1,",
                            ",\"zz\":",
                            "[",
                            "]",
                            "}",
                            "\\u001f",
                            "\\u",
                            "\\/",
                            "\"seq\":",
                            "\"epoch\":0",
                            "\"prev\":\"\"",
                            "9007199254740992"));

    private static String leaf(AuditRecord.Change change) {
        var log = new TestLog(TestLog.KEY);
        log.append("w1", log.record(AuditRecord.Kind.CALL_INTENT).with(change));
        return new String(log.leaves.getFirst(), UTF_8);
    }

    @Test
    void holdsForLeavesFromASeed() {
        LEAVES.check(getClass(), this::isRefusedOrHasOneSpelling);
    }

    @FuzzTest
    void isRefusedOrHasOneSpelling(byte[] leaf) {
        var read = Leaf.parse(leaf);
        JsonValue.Members members;
        try {
            members = CanonicalReader.readObject(leaf);
        } catch (NotCanonical e) {
            assertThat(read).isEmpty();
            return;
        }
        assertThat(new String(leaf, UTF_8)).isEqualTo(written(members));
        read.ifPresent(it ->
                assertThat(RecordId.parse(it.frame().recordId().toString()))
                        .contains(it.frame().recordId()));
    }

    private static String written(JsonValue value) {
        return switch (value) {
            case JsonValue.Text(String text) -> quoted(text);
            case JsonValue.Whole(long whole) -> Long.toString(whole);
            case JsonValue.Flag(boolean flag) -> Boolean.toString(flag);
            case JsonValue.Array(var items) ->
                    items.stream()
                            .map(LeafFuzzTest::written)
                            .collect(Collectors.joining(",", "[", "]"));
            case JsonValue.Members(var members) ->
                    members.entrySet().stream()
                            .map(it -> quoted(it.getKey()) + ":" + written(it.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
        };
    }

    private static String quoted(String text) {
        return text.chars()
                .mapToObj(LeafFuzzTest::escaped)
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String escaped(int unit) {
        return switch (unit) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            default -> unit < 0x20 ? "\\u%04x".formatted(unit) : Character.toString((char) unit);
        };
    }
}
