package io.sallyport.audit.json;

import io.sallyport.json.JsonBuffer;
import io.sallyport.json.JsonBuffer.LoneSurrogate;
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

    private final int[] starts = new int[MAX_DEPTH];
    private final JsonBuffer text = new JsonBuffer(LoneSurrogate.REPLACED);
    private int depth;
    private boolean comma;

    /** Opens the outermost object, or an object inside an array. */
    public CanonicalWriter open() {
        int start = text.size();
        separate();
        return push(start);
    }

    /** Opens an object member. */
    public CanonicalWriter open(String name) {
        int start = text.size();
        name(name);
        return push(start);
    }

    /** Closes the innermost object; one without members is taken back, its name included. */
    public CanonicalWriter close() {
        depth--;
        if (text.last() == '{' && depth > 0) {
            text.cut(starts[depth]);
            comma = text.last() != '{' && text.last() != '[';
            return this;
        }
        text.put('}');
        return valueWritten();
    }

    /** Writes a text member unless it is empty. */
    public CanonicalWriter text(String name, String value) {
        return value.isEmpty() ? this : name(name).quoted(value);
    }

    /** Writes a number member unless it is negative; beyond 2^53-1 as a string of its digits. */
    public CanonicalWriter number(String name, long value) {
        return value < 0 ? this : name(name).digits(value);
    }

    /** Writes {@code true} or {@code false}. */
    public CanonicalWriter flag(String name, boolean value) {
        return name(name).ascii(value ? "true" : "false");
    }

    /** Writes an array of texts unless it is empty. */
    public CanonicalWriter texts(String name, List<String> values) {
        if (values.isEmpty()) {
            return this;
        }
        openArray(name);
        for (String value : values) {
            separate();
            quoted(value);
        }
        return closeArray();
    }

    /** Opens an array member; its elements are objects. */
    public CanonicalWriter openArray(String name) {
        name(name);
        text.put('[');
        comma = false;
        return this;
    }

    public CanonicalWriter closeArray() {
        text.put(']');
        return valueWritten();
    }

    /** Takes back the brace that ends the outermost object, so that members can follow. */
    public CanonicalWriter reopen() {
        if (depth != 0 || text.last() != '}') {
            throw new IllegalStateException("the document is not closed");
        }
        text.cut(text.size() - 1);
        return this;
    }

    public byte[] bytes() {
        return text.bytes();
    }

    private CanonicalWriter push(int start) {
        starts[depth++] = start;
        comma = false;
        text.put('{');
        return this;
    }

    private CanonicalWriter name(String name) {
        separate();
        text.put('"').ascii(name).put('"').put(':');
        return this;
    }

    private void separate() {
        if (comma) {
            text.put(',');
            comma = false;
        }
    }

    private CanonicalWriter valueWritten() {
        comma = true;
        return this;
    }

    private CanonicalWriter digits(long value) {
        var digits = Long.toString(value);
        return value <= MAX_INTEGER ? ascii(digits) : quoted(digits);
    }

    private CanonicalWriter quoted(String value) {
        text.string(value);
        return valueWritten();
    }

    private CanonicalWriter ascii(String value) {
        text.ascii(value);
        return valueWritten();
    }
}
