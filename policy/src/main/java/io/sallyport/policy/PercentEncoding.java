package io.sallyport.policy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** What {@code %41} stands for. */
final class PercentEncoding {
    /** Of {@code %41}. */
    static final int LENGTH = 3;

    private PercentEncoding() {}

    /** Tells whether a percent sign and two hexadecimal digits begin at {@code at}. */
    static boolean isAt(String text, int at) {
        return at < text.length() && text.charAt(at) == '%' && hasDigits(text, at + 1);
    }

    /** Tells whether two hexadecimal digits begin at {@code at}. */
    static boolean hasDigits(String text, int at) {
        return at + 1 < text.length()
                && HexFormat.isHexDigit(text.charAt(at))
                && HexFormat.isHexDigit(text.charAt(at + 1));
    }

    /** The byte that the encoding at {@code at} stands for. */
    static int octet(String text, int at) {
        return HexFormat.fromHexDigits(text, at + 1, at + LENGTH);
    }

    /** Decodes once; what is no encoding stays, what is no UTF-8 becomes a replacement. */
    static String decoded(String text) {
        return text.indexOf('%') < 0 ? text : new String(octets(text), StandardCharsets.UTF_8);
    }

    /** Decodes once; empty if the bytes are no UTF-8, as for overlong forms and surrogates. */
    static Optional<String> decodedStrictly(String text) {
        try {
            var octets = ByteBuffer.wrap(octets(text));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static byte[] octets(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        int from = 0;
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
            if (isAt(text, at)) {
                bytes.writeBytes(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
                bytes.write(octet(text, at));
                from = at + LENGTH;
            }
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
