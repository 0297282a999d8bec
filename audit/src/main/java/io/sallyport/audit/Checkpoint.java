package io.sallyport.audit;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tree head: the text that a log signs (C2SP tlog-checkpoint). Without extension lines.
 *
 * @param origin identity of the log, {@code <deployment>/<log>}; also the name of its key
 * @param size number of leaves
 * @param root root hash at that size
 */
public record Checkpoint(String origin, long size, byte[] root) {
    private static final Pattern SHAPE =
            Pattern.compile("([^\\n]+)\\n(0|[1-9][0-9]{0,17})\\n([A-Za-z0-9+/]{43}=)\\n");

    public Checkpoint {
        root = root.clone();
        if (!NoteVerifier.isKeyName(origin) || origin.lastIndexOf('/') < 1) {
            throw new IllegalArgumentException("not an origin");
        }
        if (size < 0 || root.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException("not a tree head");
        }
    }

    /** The origin of {@code log} in {@code deployment}, a host name without scheme. */
    public static String origin(String deployment, String log) {
        return deployment + "/" + log;
    }

    /** Reads what {@link #text} writes; empty for anything else, extension lines included. */
    public static Optional<Checkpoint> parse(String text) {
        var matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            var checkpoint =
                    new Checkpoint(
                            matcher.group(1),
                            Long.parseLong(matcher.group(2)),
                            Base64.getDecoder().decode(matcher.group(3)));
            return Optional.of(checkpoint).filter(read -> read.text().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The text to sign: three lines, each ended by a newline. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** The log that the origin names: what follows its last slash. */
    public String log() {
        return origin.substring(origin.lastIndexOf('/') + 1);
    }

    @Override
    public byte[] root() {
        return root.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint checkpoint
                && origin.equals(checkpoint.origin)
                && size == checkpoint.size
                && Arrays.equals(root, checkpoint.root);
    }

    @Override
    public int hashCode() {
        return origin.hashCode() * 31 + Long.hashCode(size);
    }
}
