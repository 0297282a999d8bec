package io.sallyport.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON in UTF-8 that grows piece by piece, with the string escapes of RFC 8785 section 3.2.2.2.
 * What is put in between the strings is the caller's. Not thread-safe; one instance per document.
 */
public final class JsonBuffer {
    private static final int FIRST_BYTES = 512;
    private static final int REPLACEMENT = 0xfffd;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final LoneSurrogate loneSurrogate;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    /** What becomes of half a character, which UTF-8 cannot express. */
    public enum LoneSurrogate {
        /** {@link IllegalArgumentException}: only our own code could have made it. */
        REFUSED,
        /** U+FFFD: what is told matters more than its spelling. */
        REPLACED,
        /** <code>&#92;ud800</code>: no two different texts have the same bytes. */
        ESCAPED
    }

    public JsonBuffer(LoneSurrogate loneSurrogate) {
        this.loneSurrogate = loneSurrogate;
    }

    /** One character of ASCII, as it is. */
    public JsonBuffer put(char ascii) {
        octet(ascii);
        return this;
    }

    /** A text of ASCII, as it is. */
    public JsonBuffer ascii(String text) {
        reserve(text.length());
        for (int at = 0; at < text.length(); at++) {
            bytes[size++] = (byte) text.charAt(at);
        }
        return this;
    }

    /** A text as a JSON string, with its quotes. */
    public JsonBuffer string(String text) {
        reserve(text.length() + 2);
        bytes[size++] = '"';
        int at = plainPrefix(text);
        while (at < text.length()) {
            at = character(text, at);
        }
        octet('"');
        return this;
    }

    /** Copies the leading characters that are themselves in JSON; most strings are nothing else. */
    private int plainPrefix(String text) {
        int at = 0;
        while (at < text.length() && isPlain(text.charAt(at))) {
            bytes[size++] = (byte) text.charAt(at++);
        }
        return at;
    }

    private static boolean isPlain(char unit) {
        return unit >= 0x20 && unit < 0x80 && unit != '"' && unit != '\\';
    }

    /** Returns where the next character begins. */
    private int character(String text, int at) {
        char unit = text.charAt(at);
        if (isPlain(unit)) {
            octet(unit);
        } else if (unit < 0x80) {
            escaped(unit);
        } else if (Character.isSurrogate(unit)) {
            return surrogate(text, at);
        } else {
            encoded(unit);
        }
        return at + 1;
    }

    private int surrogate(String text, int at) {
        int codePoint = text.codePointAt(at);
        if (codePoint > Character.MAX_VALUE) {
            octet(0xf0 | codePoint >> 18);
            octet(0x80 | codePoint >> 12 & 0x3f);
            octet(0x80 | codePoint >> 6 & 0x3f);
            octet(0x80 | codePoint & 0x3f);
            return at + 2;
        }
        switch (loneSurrogate) {
            case REFUSED -> throw new IllegalArgumentException("lone surrogate");
            case REPLACED -> encoded(REPLACEMENT);
            case ESCAPED -> unicodeEscape(codePoint);
        }
        return at + 1;
    }

    /** Of two bytes or three. */
    private void encoded(int unit) {
        if (unit < 0x800) {
            octet(0xc0 | unit >> 6);
        } else {
            octet(0xe0 | unit >> 12);
            octet(0x80 | unit >> 6 & 0x3f);
        }
        octet(0x80 | unit & 0x3f);
    }

    private void escaped(char unit) {
        switch (unit) {
            case '"', '\\' -> put('\\').put(unit);
            case '\b' -> put('\\').put('b');
            case '\t' -> put('\\').put('t');
            case '\n' -> put('\\').put('n');
            case '\f' -> put('\\').put('f');
            case '\r' -> put('\\').put('r');
            default -> unicodeEscape(unit);
        }
    }

    private void unicodeEscape(int unit) {
        put('\\').put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            octet(HEX[unit >> shift & 0xf]);
        }
    }

    private void octet(int octet) {
        reserve(1);
        bytes[size++] = (byte) octet;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /** How many bytes there are. */
    public int size() {
        return size;
    }

    /** The last byte; there must be one. */
    public char last() {
        return (char) bytes[size - 1];
    }

    /** Takes back all but the first {@code count} bytes. */
    public void cut(int count) {
        size = count;
    }

    /** A copy. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }
}
