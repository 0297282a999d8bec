package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;

/**
 * A text as the value of an HTTP header (MCP 2026-07-28, Streamable HTTP, value encoding): as it is
 * if that is safe, else {@code =?base64?…?=}.
 */
public final class HeaderText {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderText() {}

    public static String encode(String text) {
        return isPlain(text) && !(text.startsWith(PREFIX) && text.endsWith(SUFFIX))
                ? text
                : PREFIX + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + SUFFIX;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                && !text.startsWith(" ")
                && !text.endsWith(" ");
    }

    /**
     * The text that a header says, without the white space around it; empty if it says none: not
     * canonical Base64 of UTF-8 inside the marks, or a control or non-ASCII character.
     */
    public static Optional<String> decode(String header) {
        var value = header.strip();
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\t')) {
            return Optional.empty();
        }
        var isEncoded =
                value.length() >= PREFIX.length() + SUFFIX.length()
                        && value.startsWith(PREFIX)
                        && value.endsWith(SUFFIX);
        return isEncoded ? decoded(value) : Optional.of(value);
    }

    private static Optional<String> decoded(String value) {
        var base64 = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
        try {
            var bytes = Base64.getDecoder().decode(base64);
            var isCanonical = Base64.getEncoder().encodeToString(bytes).equals(base64);
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return isCanonical ? Optional.of(text) : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
