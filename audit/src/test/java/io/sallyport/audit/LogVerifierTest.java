package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogVerifierTest {
    private static final NoteVerifier KEY = TestLog.KEY.verifier();

    private final TestLog log = TestLog.of(50);
    private final List<String> outside = List.of(log.checkpoint());

    private Verification verify(LogSource source) {
        return LogVerifier.verify(source, outside, KEY);
    }

    private static void assertFound(Verification verification, Verdict verdict, long index) {
        assertThat(verification.verdict()).isEqualTo(verdict);
        assertThat(verification.index()).hasValue(index);
    }

    @Test
    void acceptsAnUntouchedLogOfEverySize() {
        var growing = new TestLog(TestLog.KEY);
        List<String> saved = new ArrayList<>();
        for (int size = 0; size <= 64; size++) {
            saved.add(growing.checkpoint());
            for (var outsideCheckpoints : List.of(saved, List.of(saved.getLast()))) {
                var found = LogVerifier.verify(growing.source(), outsideCheckpoints, KEY);
                assertThat(found.verdict()).isEqualTo(Verdict.OK);
                assertThat(found.records()).isEqualTo(size);
            }
            growing.add(1);
        }
    }

    @Test
    void isUnanchoredWithoutAnOutsideCheckpoint() {
        assertThat(LogVerifier.verify(log.source(), List.of(), KEY).verdict())
                .isEqualTo(Verdict.UNANCHORED);
    }

    @Test
    void isUnanchoredWithACheckpointOfNothing() {
        assertThat(LogVerifier.verify(log.source(), List.of(log.checkpoint(0)), KEY).verdict())
                .isEqualTo(Verdict.UNANCHORED);
    }

    @Test
    void everyByteFlipOfALeafIsFoundWhereItIs() {
        for (int index = 0; index < log.leaves.size(); index++) {
            byte[] leaf = log.leaves.get(index);
            for (int at = 0; at < leaf.length; at++) {
                byte[] flipped = leaf.clone();
                flipped[at] ^= (byte) (1 << (at + index) % 8);
                int position = index;
                var source = log.tampered(leaves -> leaves.set(position, flipped));
                var found = log.verifyRecords(source);
                String place = "leaf %d byte %d".formatted(index, at);
                assertThat(found.verdict()).as(place).isEqualTo(Verdict.TAMPERED);
                assertThat(found.index().orElseThrow()).as(place).isIn(places(index));
            }
        }
    }

    /** The last record of a lane has no successor: only the tree tells, or one end of a link. */
    private static List<Long> places(int index) {
        return switch (index) {
            case 49 -> List.of(49L, 48L, 0L);
            case 47 -> List.of(47L, 44L, 0L);
            default -> List.of((long) index);
        };
    }

    @Test
    void aFlipInAnyFieldButTheLastLinksIsExact() {
        byte[] flipped = log.leaves.get(20).clone();
        flipped[30] ^= 1;
        assertFound(verify(log.tampered(l -> l.set(20, flipped))), Verdict.TAMPERED, 20);
    }

    @Test
    void aFlipInTheLastRecordIsFoundByTheTree() {
        byte[] flipped = forged(log.leaves.get(49));
        var found = verify(log.tampered(l -> l.set(49, flipped)));
        assertThat(found.verdict()).isEqualTo(Verdict.TAMPERED);
    }

    @Test
    void aDroppedRecordIsAGap() {
        for (int index = 0; index < 48; index++) {
            int dropped = index;
            var found = verify(log.tampered(leaves -> leaves.remove(dropped)));
            boolean lastOfLane = index == 47;
            assertThat(found.verdict()).as("record %d", index).isEqualTo(Verdict.GAP);
            if (!lastOfLane) {
                assertThat(found.index().orElseThrow()).isBetween((long) index, index + 2L);
            }
        }
    }

    @Test
    void aCutTailIsAGapWhileTheLogStillClaimsIt() {
        for (int size = 0; size < 50; size++) {
            int kept = size;
            var found = verify(log.tampered(leaves -> leaves.subList(kept, 50).clear()));
            assertFound(found, Verdict.GAP, size);
        }
    }

    @Test
    void aTailCutToAnEarlierCheckpointIsARollback() {
        for (int size = 0; size < 50; size++) {
            var found = verify(log.source(log.checkpoint(size), log.leaves.subList(0, size)));
            assertFound(found, Verdict.ROLLED_BACK, size);
        }
    }

    @Test
    void swappedRecordsAreTampering() {
        for (int index = 0; index < 49; index++) {
            int first = index;
            var found = verify(log.tampered(leaves -> Collections.swap(leaves, first, first + 1)));
            assertThat(found.verdict()).isEqualTo(Verdict.TAMPERED);
            assertThat(found.index().orElseThrow()).isLessThanOrEqualTo(index);
        }
    }

    @Test
    void aDuplicatedRecordIsTampering() {
        for (int index = 0; index < 50; index++) {
            int copied = index;
            var found = verify(log.tampered(l -> l.add(copied + 1, l.get(copied))));
            assertFound(found, Verdict.TAMPERED, index + 1);
        }
    }

    @Test
    void recordsThatNoCheckpointCoversAreTampering() {
        var longer = TestLog.of(51);
        assertFound(verify(longer.source(log.checkpoint(), longer.leaves)), Verdict.TAMPERED, 50);
    }

    @Test
    void aRecordOfAnotherTenantIsTampering() {
        var other = new TestLog(TestLog.KEY.named("sallyport.example/other")).add(50);
        for (int index = 0; index < 50; index++) {
            int spliced = index;
            var found = verify(log.tampered(l -> l.set(spliced, other.leaves.get(spliced))));
            assertFound(found, Verdict.TAMPERED, index);
        }
    }

    @Test
    void theLogOfAnotherTenantIsTampering() {
        var other = new TestLog(TestLog.KEY.named("sallyport.example/other")).add(50);
        assertFound(verify(other.source()), Verdict.TAMPERED, 0);
    }

    @Test
    void aFullRehashByAnybodyButTheKeyHolderIsTampering() {
        var rewritten = rewritten();
        var mallory = NoteSigner.generate(TestLog.KEY.name());
        String forged =
                SignedNote.sign(
                        new Checkpoint(mallory.name(), 50, rewritten.root(50)).text(), mallory);
        assertFound(verify(rewritten.source(forged, rewritten.leaves)), Verdict.TAMPERED, 0);
        assertFound(
                verify(rewritten.source(log.checkpoint(), rewritten.leaves)), Verdict.TAMPERED, 0);
    }

    @Test
    void aFullRehashByTheKeyHolderIsAFork() {
        assertFound(verify(rewritten().source()), Verdict.FORK, 50);
    }

    @Test
    void aRewriteAfterAnOutsideCheckpointKeepsWhatItVouchesFor() {
        var rewritten = rewritten();
        var source = rewritten.source(log.checkpoint(), rewritten.leaves);
        var early = List.of(log.checkpoint(10), log.checkpoint());
        assertFound(LogVerifier.verify(source, early, KEY), Verdict.TAMPERED, 10);
    }

    /** The same log but for its last twenty records. */
    private TestLog rewritten() {
        var rewritten = TestLog.of(30);
        for (int i = 0; i < 20; i++) {
            rewritten.append("w1", rewritten.record(AuditRecord.Kind.HEARTBEAT));
        }
        return rewritten;
    }

    @Test
    void checkpointsThatContradictEachOtherAreAFork() {
        var both = List.of(log.checkpoint(), rewritten().checkpoint());
        assertFound(LogVerifier.verify(log.source(), both, KEY), Verdict.FORK, 50);
        var shorter = log.source(log.checkpoint(20), log.leaves.subList(0, 20));
        assertFound(LogVerifier.verify(shorter, both, KEY), Verdict.FORK, 50);
    }

    @Test
    void aHoleThatTheKeyHolderSignedIsAGap() {
        var holed = new TestLog(TestLog.KEY);
        holed.leaves.addAll(log.leaves);
        holed.leaves.remove(10);
        var own = List.of(holed.checkpoint(5));
        assertFound(LogVerifier.verify(holed.source(), own, KEY), Verdict.GAP, 11);
    }

    @Test
    void aChangeThatTheKeyHolderSignedIsSeenByItsSuccessor() {
        var changed = new TestLog(TestLog.KEY);
        changed.leaves.addAll(log.leaves);
        changed.leaves.set(30, forged(log.leaves.get(30)));
        var own = List.of(changed.checkpoint());
        assertFound(LogVerifier.verify(changed.source(), own, KEY), Verdict.TAMPERED, 30);
    }

    @Test
    void aDamagedOwnCheckpointIsTampering() {
        String damaged = log.checkpoint().replace("\n50\n", "\n51\n");
        assertFound(verify(log.source(damaged, log.leaves)), Verdict.TAMPERED, 50);
        var found = LogVerifier.verify(log.source(damaged, log.leaves), List.of(), KEY);
        assertFound(found, Verdict.TAMPERED, 0);
    }

    @Test
    void theWrongKeyVerifiesNothing() {
        var wrong = NoteSigner.generate(TestLog.KEY.name()).verifier();
        for (var given : List.of(outside, List.<String>of())) {
            var found = LogVerifier.verify(log.source(), given, wrong);
            assertThat(found.verdict()).isEqualTo(Verdict.CANNOT_VERIFY);
        }
    }

    @Test
    void anOutsideCheckpointThatDoesNotOpenVerifiesNothing() {
        var other = new TestLog(TestLog.KEY.named("sallyport.example/other")).add(5);
        String foreignOrigin =
                SignedNote.sign(new Checkpoint("a/b", 5, log.root(5)).text(), TestLog.KEY);
        for (var bad : List.of("", "nonsense", other.checkpoint(), foreignOrigin)) {
            var found = LogVerifier.verify(log.source(), List.of(log.checkpoint(), bad), KEY);
            assertThat(found.verdict()).isEqualTo(Verdict.CANNOT_VERIFY);
        }
    }

    @Test
    void aLogThatCannotBeReadIsNotVerified() {
        assertThat(verify(failing(new IOException("disk"))).verdict())
                .isEqualTo(Verdict.CANNOT_VERIFY);
    }

    private LogSource failing(IOException failure) {
        return new LogSource() {
            @Override
            public LogHead head() {
                return new LogHead(log.checkpoint(), KEY.vkey(), false);
            }

            @Override
            public Stream<LogEntry> entries() {
                return Stream.<LogEntry>generate(() -> {
                    throw new UncheckedIOException(failure);
                });
            }
        };
    }

    @Test
    void anOldLogIsStaleOnlyWhenAskedForItsAge() {
        var newest = TestLog.NOON.plusMillis(49);
        var fresh = LogVerifier.verify(log.source(), outside, KEY, newest);
        assertThat(fresh.verdict()).isEqualTo(Verdict.OK);
        var later = newest.plus(Duration.ofSeconds(1));
        var stale = LogVerifier.verify(log.source(), outside, KEY, later);
        assertThat(stale.verdict()).isEqualTo(Verdict.STALE);
    }

    @Test
    void verdictsHaveTheirExitCodes() {
        assertThat(Stream.of(Verdict.values()).map(Verdict::exitCode))
                .containsExactly(0, 10, 11, 12, 13, 14, 15, 16, 20);
    }

    /** H13. A change is not hidden behind a question that could not be answered. */
    @Test
    void theGravestVerdictIsGivenAndAllArePrinted() {
        assertThat(Stream.of(Verdict.values()).sorted(Verdict.GRAVEST_FIRST))
                .containsExactly(
                        Verdict.TAMPERED,
                        Verdict.FORK,
                        Verdict.ROLLED_BACK,
                        Verdict.GAP,
                        Verdict.UNAUTHORISED_LOSS,
                        Verdict.CANNOT_VERIFY,
                        Verdict.UNANCHORED,
                        Verdict.STALE,
                        Verdict.OK);
        assertThat(Verdict.CANNOT_VERIFY.gravest(Verdict.TAMPERED)).isEqualTo(Verdict.TAMPERED);
        var notes = List.of(log.checkpoint(), "nonsense");
        var changed = log.tampered(leaves -> leaves.set(20, forged(leaves.get(20))));
        var found = LogVerifier.verify(changed, notes, KEY);
        assertThat(found.findings())
                .containsExactly(
                        Finding.at(Finding.Cause.CHANGED, 20),
                        Finding.of(Finding.Cause.CHECKPOINT_NOT_OPENED));
    }

    /** H13. */
    @Test
    void whatWasNotCheckedIsSaid() {
        assertThat(verify(log.source()).sentence())
                .isEqualTo("50 records verified, payloads not checked");
        var strict = LogVerifier.verify(log.source(), outside, KEY, Demands.NONE.withPayloads());
        assertThat(strict.findings())
                .containsExactly(Finding.of(Finding.Cause.PAYLOADS_NOT_CHECKED));
    }

    @Test
    void everyFindingHasASentence() {
        for (var cause : Finding.Cause.values()) {
            for (var finding : List.of(Finding.of(cause), Finding.at(cause, 7))) {
                assertThat(finding.sentence()).isNotBlank().doesNotContain("\n");
            }
        }
    }

    private static byte[] forged(byte[] leaf) {
        return new String(leaf, UTF_8).replace("p-4711", "p-4712").getBytes(UTF_8);
    }
}
