package io.sallyport.samples.conformance;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Values in {@code Mcp-Name} and {@code Mcp-Param-*}, which may be written in Base64. */
final class HeaderValue {

    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /** The value that was meant, or empty if its Base64 is malformed. */
    static Optional<String> decoded(String value) {
        if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) {
            return Optional.of(value);
        }
        var encoded = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
        if (encoded.length() % 4 != 0) {
            return Optional.empty(); // the JDK would forgive missing padding
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
