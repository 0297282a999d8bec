package io.sallyport.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A log as it may come to be: several writers, each in several epochs, payloads of several people
 * and months, some of them erased or retired since.
 */
final class RandomLog {
    private static final List<String> WRITERS = List.of("n1", "n1-c", "n1-a", "n2");
    private static final List<String> SUBJECTS = List.of("p-ada", "p-bob", "p-eve");
    private static final List<String> MONTHS = List.of("2026-09", "2026-10", "2026-11");
    private static final byte[] NONE = {};

    private final RandomGenerator random;
    private final TestLog log;
    private final List<AuditRecord.Sealed> sealings = new ArrayList<>();
    private final List<byte[]> payloads = new ArrayList<>();
    private final Map<String, Long> epochs = new HashMap<>();

    RandomLog(NoteSigner signer, int records, RandomGenerator random) {
        this.random = random;
        this.log = new TestLog(signer);
        for (int i = 0; i < records; i++) {
            append();
        }
    }

    private void append() {
        switch (random.nextInt(20)) {
            case 0 -> erase(pick(SUBJECTS));
            case 1 -> retire(pick(MONTHS));
            case 2, 3, 4, 5, 6, 7, 8, 9, 10 -> seal();
            default -> append(log.record(pick(List.of(AuditRecord.Kind.values()))), NONE);
        }
    }

    private void seal() {
        var payload = new byte[16 + random.nextInt(80)];
        random.nextBytes(payload);
        var subject = pick(SUBJECTS);
        var month = pick(MONTHS);
        var key = subject + "/" + month;
        var digest = SealedPayload.digest(payload);
        var sealed = new AuditRecord.Sealed("0a", key, subject, month, digest);
        append(log.record(AuditRecord.Kind.CALL_INTENT).with(sealed), payload);
    }

    private void erase(String subject) {
        var change = AuditRecord.Change.of(subject, "", "");
        append(log.record(AuditRecord.Kind.AUDIT_ERASE).with(change), NONE);
        drop(sealed -> sealed.subject().equals(subject));
    }

    private void retire(String lastMonth) {
        var change = AuditRecord.Change.of("", "", lastMonth);
        append(log.record(AuditRecord.Kind.AUDIT_RETENTION).with(change), NONE);
        drop(sealed -> sealed.month().compareTo(lastMonth) <= 0);
    }

    private void drop(Predicate<AuditRecord.Sealed> gone) {
        for (int i = 0; i < payloads.size(); i++) {
            if (gone.test(sealings.get(i))) {
                payloads.set(i, NONE);
            }
        }
    }

    private void append(AuditRecord record, byte[] payload) {
        var writer = pick(WRITERS);
        boolean restarts = !epochs.containsKey(writer) || random.nextInt(25) == 0;
        if (restarts) {
            long epoch = epochs.merge(writer, 1 + random.nextLong(3), Long::sum);
            log.lanes.put(writer, WriterLane.open(writer, epoch));
        }
        log.append(writer, record);
        sealings.add(record.sealed());
        payloads.add(payload);
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    NoteSigner signer() {
        return log.signer;
    }

    int size() {
        return log.leaves.size();
    }

    String checkpoint(int size) {
        return log.checkpoint(size);
    }

    /** The whole log with the payloads that are left. */
    byte[] export() {
        return export(new LogHead(log.checkpoint(), log.signer.verifier().vkey(), true));
    }

    private byte[] export(LogHead head) {
        return TestLog.export(
                head,
                IntStream.range(0, size())
                        .mapToObj(i ->
                                new LogEntry.Stored(
                                        i,
                                        log.leaves.get(i),
                                        head.payloads() ? payloads.get(i) : NONE))
                        .toList());
    }

    /** The whole log without its payloads. */
    byte[] exportWithoutPayloads() {
        return export(new LogHead(log.checkpoint(), log.signer.verifier().vkey(), false));
    }
}
