package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** What holds for whatever bytes are given as the export of a log. */
class ExportFuzzTest {
    private static final RandomLog LOG =
            new RandomLog(
                    TestLog.KEY, 6, RandomGeneratorFactory.of("L64X128MixRandom").create(20261129));
    private static final byte[] EXPORT = LOG.export();
    private static final List<String> OUTSIDE = List.of(LOG.checkpoint(LOG.size()));
    private static final FuzzInputs EXPORTS =
            FuzzInputs.of(
                    List.of(
                            new String(EXPORT, UTF_8),
                            new String(LOG.exportWithoutPayloads(), UTF_8),
                            new String(new TestLog(TestLog.KEY).export(), UTF_8)),
                    List.of(
                            "{\"index\":0,\"leaf\":\"\"}\n",
                            "\"payload\":\"AAAA\"",
                            "\"payloads\":true",
                            "\"key\":\"\"",
                            "\"checkpoint\":\"",
                            "\"leaf\":\"e30=\"",
                            "\\n",
                            "=",
                            "}\n{"));

    @Test
    void holdsForExportsFromASeed() {
        EXPORTS.check(getClass(), this::isDoubtedOrHoldsTheSameRecords);
    }

    @FuzzTest
    void isDoubtedOrHoldsTheSameRecords(byte[] export) throws IOException {
        var source = LogExport.read(() -> new ByteArrayInputStream(export));
        var found = LogVerifier.verify(source, OUTSIDE, TestLog.KEY.verifier());
        if (found.verdict() == Verdict.OK) {
            assertThat(leaves(export)).containsExactlyElementsOf(leaves(EXPORT));
        }
    }

    private static List<String> leaves(byte[] export) throws IOException {
        try (var entries = LogExport.read(() -> new ByteArrayInputStream(export)).entries()) {
            return entries.map(ExportFuzzTest::leaf).toList();
        }
    }

    private static String leaf(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Stored stored -> stored.index() + " " + new String(stored.leaf(), UTF_8);
            case LogEntry.Unreadable _ -> "unreadable";
        };
    }
}
