package io.sallyport.audit.json;

import io.sallyport.audit.json.JsonValue.Members;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Reads canonical JSON and nothing else: every text that this reader accepts has exactly one
 * spelling, so that a changed byte changes what is read or is refused.
 */
public final class CanonicalReader {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_DIGITS = 16;

    private final String text;
    private int at;
    private int depth;

    private CanonicalReader(String text) {
        this.text = text;
    }

    /** Reads one object that fills {@code utf8} to the last byte. */
    public static Members readObject(byte[] utf8) throws NotCanonical {
        var reader = new CanonicalReader(decode(utf8));
        Members members = reader.members();
        if (reader.at != reader.text.length()) {
            throw reader.fault("trailing content");
        }
        return members;
    }

    private static String decode(byte[] utf8) throws NotCanonical {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotCanonical("invalid UTF-8", 0);
        }
    }

    private JsonValue value() throws NotCanonical {
        return switch (peek()) {
            case '{' -> members();
            case '[' -> array();
            case '"' -> new JsonValue.Text(string());
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            default -> new JsonValue.Whole(whole());
        };
    }

    private Members members() throws NotCanonical {
        expect('{');
        enter();
        var values = new LinkedHashMap<String, JsonValue>();
        String last = "";
        while (peek() != '}') {
            String name = nextName(values.isEmpty(), last);
            values.put(name, value());
            last = name;
        }
        at++;
        depth--;
        return new Members(values);
    }

    private String nextName(boolean first, String last) throws NotCanonical {
        if (!first) {
            expect(',');
        }
        String name = string();
        if (!first && name.compareTo(last) <= 0) {
            throw fault("member out of order");
        }
        expect(':');
        return name;
    }

    private JsonValue array() throws NotCanonical {
        expect('[');
        enter();
        List<JsonValue> items = new ArrayList<>();
        while (peek() != ']') {
            if (!items.isEmpty()) {
                expect(',');
            }
            items.add(value());
        }
        at++;
        depth--;
        return new JsonValue.Array(items);
    }

    private String string() throws NotCanonical {
        expect('"');
        int start = at;
        for (; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == '"') {
                return text.substring(start, at++);
            }
            if (unit == '\\') {
                return escapedString(start);
            }
            if (unit < 0x20) {
                throw fault("control character");
            }
        }
        throw fault("unclosed string");
    }

    private String escapedString(int start) throws NotCanonical {
        var unescaped = new StringBuilder().append(text, start, at);
        while (peek() != '"') {
            char unit = text.charAt(at++);
            if (unit < 0x20) {
                throw fault("control character");
            }
            unescaped.append(unit == '\\' ? escape() : unit);
        }
        at++;
        return unescaped.toString();
    }

    private char escape() throws NotCanonical {
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\' -> kind;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'u' -> unicodeEscape();
            default -> throw fault("needless escape");
        };
    }

    /** Only {@code \}{@code u00xx} of a control character without a short escape is canonical. */
    private char unicodeEscape() throws NotCanonical {
        expect('0');
        expect('0');
        int high = hexDigit();
        char unit = (char) (high << 4 | hexDigit());
        if (unit >= 0x20 || "\b\t\n\f\r".indexOf(unit) >= 0) {
            throw fault("needless escape");
        }
        return unit;
    }

    private int hexDigit() throws NotCanonical {
        int digit = "0123456789abcdef".indexOf(peek());
        if (digit < 0) {
            throw fault("bad escape");
        }
        at++;
        return digit;
    }

    private long whole() throws NotCanonical {
        int start = at;
        long number = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && at - start < MAX_DIGITS) {
            number = number * 10 + (text.charAt(at++) - '0');
        }
        boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
        if (at == start || leadingZero || number > CanonicalWriter.MAX_INTEGER) {
            throw fault("not a plain integer");
        }
        return number;
    }

    private static boolean isDigit(char unit) {
        return unit >= '0' && unit <= '9';
    }

    private JsonValue literal(String word, boolean value) throws NotCanonical {
        if (!text.startsWith(word, at)) {
            throw fault("unknown literal");
        }
        at += word.length();
        return new JsonValue.Flag(value);
    }

    private void enter() throws NotCanonical {
        if (++depth > MAX_DEPTH) {
            throw fault("too deep");
        }
    }

    private char peek() throws NotCanonical {
        if (at >= text.length()) {
            throw fault("cut short");
        }
        return text.charAt(at);
    }

    private void expect(char expected) throws NotCanonical {
        if (peek() != expected) {
            throw fault("unexpected character");
        }
        at++;
    }

    private NotCanonical fault(String what) {
        return new NotCanonical(what, at);
    }
}
