package io.sallyport.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A small log in memory, written by two writers, and ways to tamper with it. */
final class TestLog {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final NoteSigner KEY = signer("sallyport.example/acme");

    final String log;
    final NoteSigner signer;
    final List<byte[]> leaves = new ArrayList<>();
    final Map<String, WriterLane> lanes = new HashMap<>();

    private final Map<Integer, String> notes = new HashMap<>();
    private Checkpoint anchor = new Checkpoint("a/b", Long.MAX_VALUE, MerkleTree.emptyRoot());

    TestLog(NoteSigner signer) {
        this.signer = signer;
        this.log = signer.name().substring(signer.name().lastIndexOf('/') + 1);
    }

    /** The key pair of RFC 8032 section 7.1, test 1. */
    static NoteSigner signer(String name) {
        return NoteSigner.load(
                name,
                HexFormat.of()
                        .parseHex(
                                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                                        + "d75a980182b10ab7d54bfed3c964073a"
                                        + "0ee172f3daa62325af021a68f707511a"));
    }

    static TestLog of(int records) {
        return new TestLog(KEY).add(records);
    }

    TestLog add(int records) {
        for (int i = 0; i < records; i++) {
            append(i % 3 == 2 ? "w2" : "w1", record(AuditRecord.Kind.CALL_INTENT));
        }
        return this;
    }

    AuditRecord record(AuditRecord.Kind kind) {
        return AuditRecord.of(kind, log, NOON.plusMillis(leaves.size()))
                .with(AuditRecord.Who.of(log, "p-4711", "key-1", "key"))
                .with(AuditRecord.Decision.allow("reads", "sha256:77", 12));
    }

    void append(String writer, AuditRecord record) {
        WriterLane lane = lanes.computeIfAbsent(writer, _ -> WriterLane.open(writer, 1));
        byte[] leaf = LeafBody.of(record).framed(lane.next());
        lanes.put(writer, lane.after(leaf));
        leaves.add(leaf);
    }

    /** The checkpoint at the present size, signed once. */
    private String note() {
        return notes.computeIfAbsent(leaves.size(), this::checkpoint);
    }

    /** The checkpoint at the present size. */
    String checkpoint() {
        return checkpoint(leaves.size());
    }

    String checkpoint(int size) {
        return SignedNote.sign(new Checkpoint(signer.name(), size, root(size)).text(), signer);
    }

    byte[] root(int size) {
        var tree = new TreeFrontier();
        leaves.subList(0, size).forEach(leaf -> tree.append(MerkleTree.leafHash(leaf)));
        return tree.root();
    }

    LogSource source() {
        return source(checkpoint(), leaves);
    }

    /** A log that shows {@code checkpoint} for itself and numbers {@code leaves} from 0. */
    LogSource source(String checkpoint, List<byte[]> leaves) {
        return source(
                new LogHead(checkpoint, signer.verifier().vkey(), false),
                IntStream.range(0, leaves.size())
                        .<LogEntry>mapToObj(i -> LogEntry.Stored.of(i, leaves.get(i)))
                        .toList());
    }

    static LogSource source(LogHead head, List<LogEntry> entries) {
        return source(head, entries, Optional.empty());
    }

    /** A log in a store, which says of itself what {@code state} has. */
    static LogSource source(LogHead head, List<LogEntry> entries, StoreState state) {
        return source(head, entries, Optional.of(state));
    }

    private static LogSource source(
            LogHead head, List<LogEntry> entries, Optional<StoreState> state) {
        return new LogSource() {
            @Override
            public LogHead head() {
                return head;
            }

            @Override
            public Stream<LogEntry> entries() {
                return entries.stream();
            }

            @Override
            public Optional<StoreState> state() {
                return state;
            }
        };
    }

    /** The same log, its leaves changed by somebody who cannot sign. */
    LogSource tampered(Consumer<List<byte[]>> change) {
        List<byte[]> changed = new ArrayList<>(leaves);
        change.accept(changed);
        return source(note(), changed);
    }

    /**
     * Verifies as {@link LogVerifier} does, but opens no note: that would take most of the time.
     */
    Verification verifyRecords(LogSource source) {
        if (anchor.size() != leaves.size()) {
            anchor = new Checkpoint(signer.name(), leaves.size(), root(leaves.size()));
        }
        var own = VouchedCheckpoint.opened(anchor);
        try {
            return LogVerifier.verifyRecords(
                    source,
                    false,
                    new LogVerifier.Anchors(log, own, List.of(anchor)),
                    Demands.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] export() {
        var head = new LogHead(checkpoint(), signer.verifier().vkey(), false);
        return export(
                head,
                IntStream.range(0, leaves.size())
                        .mapToObj(i -> LogEntry.Stored.of(i, leaves.get(i)))
                        .toList());
    }

    static byte[] export(LogHead head, List<LogEntry.Stored> entries) {
        var out = new ByteArrayOutputStream();
        try {
            LogExport.write(out, head, entries.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
