package io.sallyport.store;

import io.sallyport.audit.LeafBody;
import io.sallyport.audit.MerkleTree;
import io.sallyport.audit.WriterFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether a stored record says of itself what its row says of it. */
final class IntakeCheck {
    private IntakeCheck() {}

    /** What the columns of a row say. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content here
    record Columns(String log, String kind, WriterFrame frame, byte[] hash) {}

    /**
     * True if the leaf has this hash, ends with this frame, and names this kind and log. Cheap
     * enough for every record: nothing is parsed.
     */
    static boolean agrees(byte[] leaf, Columns columns) {
        return Arrays.equals(MerkleTree.leafHash(leaf), columns.hash())
                && endsWith(leaf, LeafBody.tail(columns.frame()))
                && names(leaf, columns);
    }

    private static boolean endsWith(byte[] leaf, byte[] tail) {
        var from = leaf.length - tail.length;
        return from > 0 && Arrays.equals(leaf, from, leaf.length, tail, 0, tail.length);
    }

    /** The two members follow each other in a leaf, whose members are sorted. */
    private static boolean names(byte[] leaf, Columns columns) {
        var members = "\"kind\":\"" + columns.kind() + "\",\"log\":\"" + columns.log() + "\",";
        var wanted = members.getBytes(StandardCharsets.UTF_8);
        var at = topLevel(leaf, wanted[1], wanted[2]);
        return at > 0
                && at + wanted.length <= leaf.length
                && Arrays.equals(leaf, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** Where the first member of the leaf itself begins whose name begins with these two bytes. */
    private static int topLevel(byte[] leaf, byte first, byte second) {
        int depth = 0;
        for (int at = 0; at < leaf.length - 2; at++) {
            switch (leaf[at]) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> {
                    if (depth == 1 && leaf[at + 1] == first && leaf[at + 2] == second) {
                        return at;
                    }
                    at = endOfText(leaf, at);
                }
                default -> {}
            }
        }
        return -1;
    }

    private static int endOfText(byte[] leaf, int quote) {
        var at = quote + 1;
        while (at < leaf.length && leaf[at] != '"') {
            at += leaf[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
