package io.sallyport.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 in the form {@code sha256:<64 hex digits>}. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(String text) {
        var digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    /** Digest of a list, as a JSON array: no two different lists have the same text. */
    static String of(List<String> fields) {
        var text = new StringBuilder("[");
        for (var field : fields) {
            CanonicalText.appendSeparator(text);
            CanonicalText.appendString(text, field);
        }
        return of(text.append(']').toString());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
