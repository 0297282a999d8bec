package io.sallyport.audit.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes canonical JSON: no white space, string escapes as in RFC 8785 section 3.2.2.2, UTF-8, no
 * floats, no {@code null}.
 *
 * <p>The caller writes members in the order of their names; the reader is what enforces it. An
 * empty text, a negative number, an empty list and an object without members stand for "absent" and
 * leave no trace. Not thread-safe; one instance per document.
 */
public final class CanonicalWriter {
    /** Largest integer that every JSON reader keeps exactly (RFC 8259 section 6). */
    public static final long MAX_INTEGER = (1L << 53) - 1;

    private static final int MAX_DEPTH = 8;
    private static final int INITIAL_BYTES = 1024;
    private static final int MAX_BYTES_PER_CHAR = 6;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final int[] starts = new int[MAX_DEPTH];
    private byte[] buffer = new byte[INITIAL_BYTES];
    private int length;
    private int depth;
    private boolean comma;

    /** Opens the outermost object, or an object inside an array. */
    public CanonicalWriter open() {
        int start = length;
        separate();
        return push(start);
    }

    /** Opens an object member. */
    public CanonicalWriter open(String name) {
        int start = length;
        name(name);
        return push(start);
    }

    /** Closes the innermost object; one without members is taken back, its name included. */
    public CanonicalWriter close() {
        depth--;
        if (buffer[length - 1] == '{' && depth > 0) {
            length = starts[depth];
            comma = buffer[length - 1] != '{' && buffer[length - 1] != '[';
            return this;
        }
        return put('}').valueWritten();
    }

    /** Writes a text member unless it is empty. */
    public CanonicalWriter text(String name, String value) {
        return value.isEmpty() ? this : name(name).quoted(value).valueWritten();
    }

    /** Writes a number member unless it is negative; beyond 2^53-1 as a string of its digits. */
    public CanonicalWriter number(String name, long value) {
        return value < 0 ? this : name(name).digits(value).valueWritten();
    }

    /** Writes {@code true} or {@code false}. */
    public CanonicalWriter flag(String name, boolean value) {
        return name(name).ascii(value ? "true" : "false").valueWritten();
    }

    /** Writes an array of texts unless it is empty. */
    public CanonicalWriter texts(String name, List<String> values) {
        if (values.isEmpty()) {
            return this;
        }
        openArray(name);
        for (String value : values) {
            separate();
            quoted(value).valueWritten();
        }
        return closeArray();
    }

    /** Opens an array member; its elements are objects. */
    public CanonicalWriter openArray(String name) {
        name(name).put('[');
        comma = false;
        return this;
    }

    public CanonicalWriter closeArray() {
        return put(']').valueWritten();
    }

    /** Takes back the brace that ends the outermost object, so that members can follow. */
    public CanonicalWriter reopen() {
        if (depth != 0 || buffer[length - 1] != '}') {
            throw new IllegalStateException("the document is not closed");
        }
        length--;
        return this;
    }

    public byte[] bytes() {
        return Arrays.copyOf(buffer, length);
    }

    private CanonicalWriter push(int start) {
        starts[depth++] = start;
        comma = false;
        return put('{');
    }

    private CanonicalWriter name(String name) {
        separate();
        return put('"').ascii(name).put('"').put(':');
    }

    private void separate() {
        if (comma) {
            put(',');
            comma = false;
        }
    }

    private CanonicalWriter valueWritten() {
        comma = true;
        return this;
    }

    private CanonicalWriter digits(long value) {
        if (value <= MAX_INTEGER) {
            return ascii(Long.toString(value));
        }
        return put('"').ascii(Long.toString(value)).put('"');
    }

    private CanonicalWriter quoted(String value) {
        reserve(value.length() * MAX_BYTES_PER_CHAR + 2);
        buffer[length++] = '"';
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit >= 0x20 && unit < 0x80 && unit != '"' && unit != '\\') {
                buffer[length++] = (byte) unit;
            } else if (unit < 0x80) {
                escaped(unit);
            } else {
                i += encoded(value, i) - 1;
            }
        }
        buffer[length++] = '"';
        return this;
    }

    private void escaped(char unit) {
        buffer[length++] = '\\';
        switch (unit) {
            case '"', '\\' -> buffer[length++] = (byte) unit;
            case '\b' -> buffer[length++] = 'b';
            case '\t' -> buffer[length++] = 't';
            case '\n' -> buffer[length++] = 'n';
            case '\f' -> buffer[length++] = 'f';
            case '\r' -> buffer[length++] = 'r';
            default -> unicodeEscape(unit);
        }
    }

    private void unicodeEscape(char unit) {
        buffer[length++] = 'u';
        buffer[length++] = '0';
        buffer[length++] = '0';
        buffer[length++] = HEX[unit >> 4];
        buffer[length++] = HEX[unit & 0xf];
    }

    /** Encodes the character at {@code i}, a lone surrogate as U+FFFD; returns its char count. */
    private int encoded(String value, int i) {
        int point = value.codePointAt(i);
        int units = Character.charCount(point);
        if (units == 1 && Character.isSurrogate((char) point)) {
            point = 0xFFFD;
        }
        if (point < 0x800) {
            buffer[length++] = (byte) (0xC0 | point >> 6);
        } else if (point < 0x10000) {
            buffer[length++] = (byte) (0xE0 | point >> 12);
            buffer[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        } else {
            buffer[length++] = (byte) (0xF0 | point >> 18);
            buffer[length++] = (byte) (0x80 | point >> 12 & 0x3F);
            buffer[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        }
        buffer[length++] = (byte) (0x80 | point & 0x3F);
        return units;
    }

    private CanonicalWriter ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    private CanonicalWriter put(char ascii) {
        reserve(1);
        buffer[length++] = (byte) ascii;
        return this;
    }

    private void reserve(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
