package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * H13. Whatever is done to an export, a verifier that holds one checkpoint notices; of what nobody
 * touched it says nothing.
 */
class ExportMutationTest {
    private static final int MUTATIONS = Integer.getInteger("sallyport.audit.mutations", 500);
    private static final int CLEAN_RUNS = 200;
    private static final int MAX_RECORDS = 400;
    private static final int RECORDS = 80;
    private static final NoteVerifier KEY = TestLog.KEY.verifier();

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261129);
    private final Map<Verdict, Integer> verdicts = new TreeMap<>();

    private static Verification verify(byte[] export, String outside, boolean payloads) {
        return LogVerifier.verify(
                LogExport.read(() -> new ByteArrayInputStream(export)),
                List.of(outside),
                KEY,
                payloads ? Demands.NONE.withPayloads() : Demands.NONE);
    }

    private RandomLog log(String name, int records) {
        return new RandomLog(TestLog.KEY.named("sallyport.example/" + name), records, random);
    }

    @ParameterizedTest
    @ValueSource(ints = {RECORDS, RECORDS - 9})
    void everyMutationIsDetectedOrChangesNoRecord(int vouched) throws IOException {
        var log = log("acme", RECORDS);
        var damage = new ExportDamage(log, log("globex", RECORDS + 5), vouched, random);
        byte[] export = log.export();
        String outside = log.checkpoint(vouched);
        for (int round = 0; round < MUTATIONS / 2; ) {
            byte[] damaged = damage.next();
            if (!Arrays.equals(damaged, export)) {
                var found = verify(damaged, outside, true).verdict();
                verdicts.merge(found, 1, Integer::sum);
                if (found == Verdict.OK) {
                    assertSameRecords(damaged, export, "round %d".formatted(round));
                }
                round++;
            }
        }
        System.out.println("mutations of an export: " + verdicts);
        assertThat(verdicts).doesNotContainKeys(Verdict.UNANCHORED, Verdict.STALE);
        assertThat(verdicts.getOrDefault(Verdict.OK, 0)).isLessThan(MUTATIONS / 10);
    }

    /** What an OK still promises: the same leaves, in the same order, with the same payloads. */
    private static void assertSameRecords(byte[] damaged, byte[] export, String round)
            throws IOException {
        assertThat(entries(damaged))
                .as(round)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(entries(export));
    }

    private static List<LogEntry> entries(byte[] export) throws IOException {
        try (var entries = LogExport.read(() -> new ByteArrayInputStream(export)).entries()) {
            return entries.toList();
        }
    }

    @Test
    void noLogThatNobodyTouchedIsDoubted() {
        for (int run = 0; run < CLEAN_RUNS; run++) {
            var log = log("acme", 1 + random.nextInt(MAX_RECORDS));
            var outside = log.checkpoint(1 + random.nextInt(log.size()));
            var found = verify(log.export(), outside, true);
            assertThat(found.findings()).as("run %d", run).isEmpty();
            assertThat(found.records()).isEqualTo(log.size());
            var bare = verify(log.exportWithoutPayloads(), outside, false);
            assertThat(bare.findings()).as("run %d without payloads", run).isEmpty();
        }
    }
}
