package io.sallyport.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A header value that stands for a text which a header cannot carry: {@code =?base64?…?=} around
 * the base64 of its UTF-8 (MCP 2026-07-28, value encoding). Everything else stands for itself.
 */
final class HeaderText {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderText() {}

    /** The text that {@code value} stands for; empty if its encoding is broken. */
    static Optional<String> decode(String value) {
        var coded =
                value.startsWith(PREFIX)
                        && value.endsWith(SUFFIX)
                        && value.length() >= PREFIX.length() + SUFFIX.length();
        return coded
                ? decoded(value.substring(PREFIX.length(), value.length() - SUFFIX.length()))
                : Optional.of(value);
    }

    private static Optional<String> decoded(String base64) {
        if (base64.length() % 4 != 0) {
            return Optional.empty(); // the decoder would forgive missing padding
        }
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
