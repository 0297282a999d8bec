package io.sallyport.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** Checks of encoding that Jackson's parsers leave out. */
final class Utf8 {
    /** A pair of surrogates, one UTF-16 unit, or any other escape; one after the other. */
    private static final Pattern ESCAPES =
            Pattern.compile(
                    "\\\\u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}"
                            + "|\\\\u\\p{XDigit}{4}|\\\\.");

    private Utf8() {}

    /**
     * Returns whether {@code bytes} are well-formed UTF-8: shortest forms only, no surrogates,
     * nothing above U+10FFFF (Unicode 16, table 3-7).
     */
    static boolean isValid(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int length = sequenceLength(bytes, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /**
     * Returns the JSON text {@code bytes} with U+FFFD for what is no UTF-8 and with its escape for
     * each escaped surrogate that stands without its other half.
     */
    static byte[] mended(byte[] bytes) {
        return ESCAPES.matcher(new String(bytes, UTF_8))
                .replaceAll(escape -> isHalf(escape.group()) ? "\\\\ufffd" : "$0")
                .getBytes(UTF_8);
    }

    private static boolean isHalf(String escape) {
        return escape.length() == 6
                && Character.isSurrogate((char) HexFormat.fromHexDigits(escape, 2, 6));
    }

    /** Returns whether a surrogate of {@code text} stands without its other half. */
    static boolean hasLoneSurrogate(String text) {
        int at = 0;
        while (at < text.length()) {
            char unit = text.charAt(at++);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            boolean paired =
                    Character.isHighSurrogate(unit)
                            && at < text.length()
                            && Character.isLowSurrogate(text.charAt(at));
            if (!paired) {
                return true;
            }
            at++;
        }
        return false;
    }

    /**
     * Length of the well-formed sequence of two to four bytes at {@code at}; 0 if there is none.
     */
    private static int sequenceLength(byte[] bytes, int at) {
        int lead = bytes[at] & 0xff;
        if (lead >= 0xc2 && lead <= 0xdf) {
            return continues(bytes, at + 1, 1) ? 2 : 0;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            return secondFits(bytes, at, lead) && continues(bytes, at + 2, 1) ? 3 : 0;
        }
        if (lead >= 0xf0 && lead <= 0xf4) {
            return secondFits(bytes, at, lead) && continues(bytes, at + 2, 2) ? 4 : 0;
        }
        return 0;
    }

    /** The second byte carries the rule against overlong forms, surrogates and too large values. */
    private static boolean secondFits(byte[] bytes, int at, int lead) {
        if (at + 1 >= bytes.length) {
            return false;
        }
        int second = bytes[at + 1] & 0xff;
        int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        return second >= lowest && second <= highest;
    }

    private static boolean continues(byte[] bytes, int from, int count) {
        if (from + count > bytes.length) {
            return false;
        }
        for (int at = from; at < from + count; at++) {
            if ((bytes[at] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
