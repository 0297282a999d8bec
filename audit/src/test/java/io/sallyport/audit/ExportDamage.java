package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** What somebody does to an export: to its lines, to what they hold, and to its bytes. */
final class ExportDamage {
    private static final Pattern RECORD =
            Pattern.compile(
                    "\\{\"index\":(\\d+),\"leaf\":\"([^\"]*)\"(?:,\"payload\":\"([^\"]*)\")?}");
    private static final Pattern FRAME =
            Pattern.compile(
                    "\"writer\":\\{\"epoch\":(\\d+),\"id\":\"([^\"]+)\",\"prev\":\"(\\w{64})\"");

    private final RandomGenerator random;
    private final RandomLog log;
    private final List<String> whole;
    private final List<String> foreign;
    private final int vouched;
    private final List<Runnable> edits;
    private final NoteSigner stranger = NoteSigner.generate(TestLog.KEY.name());
    private List<String> lines = List.of();

    /**
     * Damage to {@code log}'s export.
     *
     * @param other another tenant's log, whose lines are put in
     * @param vouched how many records a checkpoint outside covers; the rest is not changed by
     *     whoever has the key, for nobody could tell
     */
    ExportDamage(RandomLog log, RandomLog other, int vouched, RandomGenerator random) {
        this.random = random;
        this.log = log;
        this.whole = lines(log.export());
        this.foreign = lines(other.export());
        this.vouched = vouched;
        this.edits = new ArrayList<>(orders());
        this.edits.addAll(contents());
        this.edits.addAll(heads());
    }

    private static List<String> lines(byte[] export) {
        return new String(export, ISO_8859_1).lines().toList();
    }

    /** The export, changed in one to three ways; now and then a change takes another one back. */
    byte[] next() {
        lines = new ArrayList<>(whole);
        int changes = random.nextInt(3);
        for (int i = 0; i < changes && lines.size() > 2; i++) {
            edits.get(random.nextInt(edits.size())).run();
        }
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(ISO_8859_1);
        return changes == 0 || random.nextInt(4) == 0 ? bytes(bytes) : bytes;
    }

    private List<Runnable> orders() {
        return List.of(
                () -> lines.remove(place()),
                () -> range().clear(),
                () -> lines.add(place(), lines.get(place())),
                () -> Collections.swap(lines, place(), place()),
                () -> Collections.shuffle(range(), new java.util.Random(random.nextLong())),
                () -> lines.add(place(), lines.remove(place())),
                () -> lines.set(place(), foreign.get(foreignPlace())),
                () -> lines.add(place(), foreign.get(foreignPlace())),
                this::spliceTail,
                () -> lines.subList(place(), lines.size()).clear(),
                this::removeAndRenumber,
                () -> lines.add(place(), ""));
    }

    private void spliceTail() {
        int from = Math.min(place(), foreignPlace());
        lines.subList(from, lines.size()).clear();
        lines.addAll(foreign.subList(from, foreign.size()));
    }

    private void removeAndRenumber() {
        range().clear();
        for (int line = 1; line < lines.size(); line++) {
            change(line, line - 1, leaf(line), payload(line));
        }
    }

    private List<Runnable> contents() {
        return List.of(
                this::changeValue,
                this::rewrite,
                () -> {
                    rewrite();
                    sign(stranger);
                },
                () -> {
                    rewrite();
                    sign(log.signer());
                },
                () -> payload(place(), Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})),
                () -> payload(sealedPlace(), ""),
                () -> payload(sealedPlace(), payload(sealedPlace())),
                this::removePayloads);
    }

    private void changeValue() {
        int line = 1 + random.nextInt(Math.min(vouched, lines.size() - 1));
        var leaf = text(leaf(line)).replace("\"reads\"", "\"lends\"");
        change(line, line - 1, encoded(leaf), payload(line));
    }

    /** Changes a record that is vouched for, and all that follows from it. */
    private void rewrite() {
        changeValue();
        var lanes = new HashMap<String, String>();
        for (int line = 1; line < lines.size(); line++) {
            var leaf = text(leaf(line));
            var frame = FRAME.matcher(leaf);
            if (frame.find()) {
                var lane = frame.group(2) + ":" + frame.group(1);
                leaf = leaf.replace(frame.group(3), lanes.getOrDefault(lane, frame.group(3)));
                var hash = MerkleTree.leafHash(leaf.getBytes(ISO_8859_1));
                lanes.put(lane, HexFormat.of().formatHex(hash));
                change(line, line - 1, encoded(leaf), payload(line));
            }
        }
    }

    private void sign(NoteSigner signer) {
        var tree = new TreeFrontier();
        for (int line = 1; line < lines.size(); line++) {
            tree.append(MerkleTree.leafHash(text(leaf(line)).getBytes(ISO_8859_1)));
        }
        var head = new Checkpoint(signer.name(), tree.size(), tree.root());
        head(SignedNote.sign(head.text(), signer), signer.verifier().vkey(), true);
    }

    private void removePayloads() {
        for (int line = 1; line < lines.size(); line++) {
            payload(line, "");
        }
        if (random.nextBoolean()) {
            head(log.checkpoint(log.size()), log.signer().verifier().vkey(), false);
        }
    }

    private List<Runnable> heads() {
        var own = log.checkpoint(log.size());
        var key = log.signer().verifier().vkey();
        return List.of(
                () -> head(log.checkpoint(random.nextInt(vouched)), key, true),
                this::rollBack,
                () -> lines.set(0, foreign.getFirst()),
                () -> head("", key, true),
                () -> head(own, "", true),
                () -> head(own, stranger.verifier().vkey(), true),
                () -> head(own, key, false),
                () -> head(own + "— stranger.example/x AAAAAAA=\n", key, true),
                () -> head(own.replace("\n\n", "\nextension\n\n"), key, true),
                () -> lines.set(0, lines.getFirst().replace("export/1", "export/2")),
                () -> lines.set(0, lines.getFirst().replace(",\"key\"", ", \"key\"")),
                () -> lines.removeFirst());
    }

    /** An export of earlier, whole in itself. */
    private void rollBack() {
        int size = random.nextInt(Math.min(vouched, lines.size() - 1));
        head(log.checkpoint(size), log.signer().verifier().vkey(), true);
        lines.subList(1 + size, lines.size()).clear();
    }

    private void head(String checkpoint, String key, boolean payloads) {
        var head = TestLog.export(new LogHead(checkpoint, key, payloads), List.of());
        lines.set(0, new String(head, ISO_8859_1).strip());
    }

    private byte[] bytes(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(200));
        byte[] part = Arrays.copyOfRange(bytes, from, to);
        return switch (random.nextInt(8)) {
            case 0, 1 -> flipped(bytes, from);
            case 2 -> Arrays.copyOf(bytes, from);
            case 3 -> joined(bytes, from, new byte[0], to);
            case 4 -> joined(bytes, to, part, to);
            case 5 -> joined(bytes, from, new byte[] {(byte) random.nextInt(256)}, from);
            case 6 -> text(bytes).replace("\n", "\r\n").getBytes(ISO_8859_1);
            default -> reordered(bytes);
        };
    }

    private byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static byte[] joined(byte[] bytes, int head, byte[] middle, int tail) {
        var text = text(bytes);
        return (text.substring(0, head) + text(middle) + text.substring(tail)).getBytes(ISO_8859_1);
    }

    /** The same members in another order, or more of them, or in another spelling. */
    private byte[] reordered(byte[] bytes) {
        var spelling =
                List.of(
                        "{\"leaf\":\"$2\",\"index\":$1}",
                        "{\"index\":$1,\"leaf\":\"$2\",\"more\":1}",
                        "{\"index\":\"$1\",\"leaf\":\"$2\"}",
                        "{\"index\":0$1,\"leaf\":\"$2\"}",
                        "{\"index\":$1,\"leaf\":\"$2\",\"payload\":\"\"}",
                        "{\"index\":$1,\"leaf\":\"$2=\"}");
        return RECORD.matcher(text(bytes))
                .replaceFirst(spelling.get(random.nextInt(spelling.size())))
                .getBytes(ISO_8859_1);
    }

    private int place() {
        return 1 + random.nextInt(lines.size() - 1);
    }

    /** A line that has a payload, if there is one at all. */
    private int sealedPlace() {
        int start = place();
        for (int line = start; line < lines.size(); line++) {
            if (!payload(line).isEmpty()) {
                return line;
            }
        }
        return start;
    }

    private int foreignPlace() {
        return 1 + random.nextInt(foreign.size() - 1);
    }

    private List<String> range() {
        int from = place();
        return lines.subList(from, Math.min(lines.size(), from + 1 + random.nextInt(9)));
    }

    private byte[] leaf(int line) {
        return Base64.getDecoder().decode(member(line, 2));
    }

    private String payload(int line) {
        return member(line, 3);
    }

    private void payload(int line, String payload) {
        change(line, line - 1, encoded(text(leaf(line))), payload);
    }

    private String member(int line, int group) {
        var record = RECORD.matcher(lines.get(line));
        return record.matches() && record.group(group) != null ? record.group(group) : "";
    }

    private void change(int line, int index, String leaf, String payload) {
        var last = payload.isEmpty() ? "" : "\",\"payload\":\"" + payload;
        lines.set(line, "{\"index\":%d,\"leaf\":\"%s%s\"}".formatted(index, leaf, last));
    }

    private void change(int line, int index, byte[] leaf, String payload) {
        change(line, index, Base64.getEncoder().encodeToString(leaf), payload);
    }

    private static String encoded(String leaf) {
        return Base64.getEncoder().encodeToString(leaf.getBytes(ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
