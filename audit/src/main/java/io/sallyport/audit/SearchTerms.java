package io.sallyport.audit;

import io.sallyport.audit.json.JsonValue.Members;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a record is found by, and what of it is summed up, each empty where the record does not say
 * it.
 *
 * @param tool the name of the tool, or its beginning and its digest where it is long
 * @param client id of the key that was shown
 */
public record SearchTerms(
        String kind,
        String principal,
        String server,
        String tool,
        String decision,
        String run,
        String status,
        String client,
        String model,
        AuditRecord.Tokens tokens) {
    private static final int LONGEST_TERM = 200;
    private static final int KEPT = 160;

    static SearchTerms of(String kind, Members leaf) {
        var what = leaf.members("what");
        var tool = what.members("tool");
        var who = leaf.members("who");
        var result = leaf.members("result");
        var tokens = result.members("tokens");
        return new SearchTerms(
                kind,
                who.text("subject"),
                tool.text("server"),
                term(tool.text("name")),
                leaf.members("decision").text("effect"),
                what.members("turn").text("run"),
                result.text("status"),
                who.text("client"),
                what.text("model"),
                new AuditRecord.Tokens(tokens.whole("input"), tokens.whole("output")));
    }

    /** A record that a store's index cannot read is found by its kind alone. */
    static SearchTerms unread(String kind) {
        return new SearchTerms(kind, "", "", "", "", "", "", "", "", AuditRecord.Tokens.NONE);
    }

    /**
     * Whether a store's index can read a leaf: PostgreSQL's {@code jsonb} takes no character U+0000
     * (PostgreSQL, 8.14).
     */
    static boolean canBeRead(byte[] leaf) {
        var text = new String(leaf, StandardCharsets.UTF_8);
        for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
            if (text.startsWith("u0000", at + 1)) {
                return false;
            }
        }
        return true;
    }

    /** Lengths are in characters, not in UTF-16 units. */
    private static String term(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST_TERM) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, KEPT)) + md5(text);
    }

    /** Only shortens; nothing relies on it being hard to collide. */
    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is missing", e);
        }
    }
}
