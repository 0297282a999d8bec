package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LogExportTest {
    private static final NoteVerifier KEY = TestLog.KEY.verifier();

    private final TestLog log = TestLog.of(50);
    private final byte[] export = log.export();
    private final List<String> outside = List.of(log.checkpoint());

    private Verification verify(byte[] bytes) {
        var source = LogExport.read(() -> new ByteArrayInputStream(bytes));
        return LogVerifier.verify(source, outside, KEY);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private List<String> lines() {
        return new ArrayList<>(text(export).lines().toList());
    }

    private static byte[] file(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(UTF_8);
    }

    @Test
    void readsBackWhatItWrote(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("acme.jsonl"), export);
        var found = LogVerifier.verify(LogExport.read(file), outside, KEY);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.records()).isEqualTo(50);
    }

    @Test
    void writesOneLinePerRecordInTheDocumentedForm() {
        assertThat(lines()).hasSize(51);
        assertThat(lines().get(0))
                .startsWith("{\"checkpoint\":\"sallyport.example/acme\\n50\\n")
                .endsWith(
                        "\",\"format\":\"sallyport-audit-export/1\",\"key\":\""
                                + KEY.vkey()
                                + "\",\"payloads\":false}");
        assertThat(lines().get(1)).startsWith("{\"index\":0,\"leaf\":\"ey").endsWith("\"}");
    }

    @Test
    void readsAnEmptyLog() {
        var empty = new TestLog(TestLog.KEY);
        var source = LogExport.read(() -> new ByteArrayInputStream(empty.export()));
        var found = LogVerifier.verify(source, List.of(empty.checkpoint()), KEY);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void noByteFlipOfTheHeadGoesUnnoticed() {
        for (int at = 0; at < headBytes(); at++) {
            assertThat(verify(flipped(export, at)).verdict())
                    .as("byte %d", at)
                    .isIn(Verdict.TAMPERED, Verdict.CANNOT_VERIFY);
        }
    }

    @Test
    void everyByteFlipOfARecordIsTampering() {
        var terse = new TestLog(TestLog.KEY);
        for (int i = 0; i < 50; i++) {
            terse.append("w1", AuditRecord.of(AuditRecord.Kind.HEARTBEAT, "acme", TestLog.NOON));
        }
        byte[] bytes = terse.export();
        for (int at = headBytes(); at < bytes.length; at++) {
            byte[] flipped = flipped(bytes, at);
            var source = LogExport.read(() -> new ByteArrayInputStream(flipped));
            var found = terse.verifyRecords(source);
            assertThat(found.verdict()).as("byte %d", at).isEqualTo(Verdict.TAMPERED);
        }
    }

    private int headBytes() {
        return lines().getFirst().getBytes(UTF_8).length + 1;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        return flipped;
    }

    @Test
    void noCutOfAnExportGoesUnnoticed() {
        int step = 97; // no divisor of a line's length, so that cuts fall everywhere in a line
        for (int size = 0; size < export.length; size += size < 600 ? 1 : step) {
            var found = verify(Arrays.copyOf(export, size));
            assertThat(found.verdict())
                    .as("cut at %d", size)
                    .isIn(Verdict.TAMPERED, Verdict.GAP, Verdict.CANNOT_VERIFY);
        }
    }

    @Test
    void aMissingLastLineIsAGap() {
        var lines = lines();
        lines.removeLast();
        var found = verify(file(lines));
        assertThat(found.verdict()).isEqualTo(Verdict.GAP);
        assertThat(found.index()).hasValue(49);
    }

    @Test
    void aMissingLineIsAGapWhereItWas() {
        for (int line = 1; line < 50; line++) {
            var lines = lines();
            lines.remove(line);
            var found = verify(file(lines));
            assertThat(found.verdict()).isEqualTo(Verdict.GAP);
            assertThat(found.index()).hasValue(line - 1);
        }
    }

    @Test
    void addedLinesAreTampering() {
        for (String added : List.of("", " ", "{}", "garbage", lines().get(7))) {
            var lines = lines();
            lines.add(added);
            assertThat(verify(file(lines)).verdict()).isEqualTo(Verdict.TAMPERED);
        }
        byte[] longer = Arrays.copyOf(export, export.length + 1);
        longer[export.length] = 'x';
        assertThat(verify(longer).verdict()).isEqualTo(Verdict.TAMPERED);
    }

    @Test
    void anEndlessLineIsCutAndTampering() {
        var lines = lines();
        lines.set(20, lines.get(20) + "A".repeat(5_000_000));
        var found = verify(file(lines));
        assertThat(found.verdict()).isEqualTo(Verdict.TAMPERED);
        assertThat(found.index()).hasValue(19);
    }

    /** H2. The longest lines that are read are 22 MB; a longer one is not copied for each chunk. */
    @Test
    @Timeout(120)
    void aLineThatNeverEndsIsReadOnce() throws IOException {
        long[] left = {1L << 30};
        var endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return left[0]-- > 0 ? 'A' : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        left[0] -= length;
                        return left[0] > 0 ? length : -1;
                    }
                };
        try (var lines = new LineReader(endless)) {
            assertThat(lines.next(20_000_000)).hasSize(20_000_000);
            assertThat(lines.next(20_000_000)).isEmpty();
        }
    }

    @Test
    void aFileThatIsNoExportIsNotVerified() {
        for (String other : List.of("", "\n", "{}\n", "not json\n", "\u0000\u0001")) {
            assertThat(verify(other.getBytes(UTF_8)).verdict()).isEqualTo(Verdict.CANNOT_VERIFY);
        }
    }

    @Test
    void randomDamageNeverPasses() {
        var random = new Random(20261121);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = damage(random);
            if (!Arrays.equals(damaged, export)) {
                assertThat(verify(damaged).verdict())
                        .as("round %d", round)
                        .isIn(Verdict.TAMPERED, Verdict.GAP, Verdict.CANNOT_VERIFY);
            }
        }
    }

    private byte[] damage(Random random) {
        var lines = lines();
        int one = 1 + random.nextInt(50);
        int other = 1 + random.nextInt(50);
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(one);
            case 1 -> lines.add(one, lines.get(other));
            case 2 -> Collections.swap(lines, one, other);
            case 3 -> lines.subList(Math.min(one, other), Math.max(one, other)).clear();
            default -> lines.set(one, lines.get(other));
        }
        return file(lines);
    }
}
