package io.sallyport.vetting.schema;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Translates the regular expressions of JSON Schema (ECMA-262, section 22.2) into RE2's syntax.
 * Where the two would read one spelling differently the pattern is refused, so that what is allowed
 * here and what the server means is the same.
 *
 * <p>What ECMA-262 does not know and other languages mean one thing by is taken in their sense:
 * {@code (?i)} and {@code (?s)} at the start, {@code (?P<name>…)}, {@code \A}, {@code \z}, and
 * {@code \Z} as in Python: the end, and not before a last line end.
 */
final class EcmaPattern {
    private static final String LINE_ENDS = "\\n\\r\\x{2028}\\x{2029}";
    private static final String SPACES = "\\t\\n\\x{b}\\f\\r\\x{feff}\\p{Z}";
    private static final Map<String, String> CATEGORIES =
            Map.of(
                    "Letter", "L",
                    "Lowercase_Letter", "Ll",
                    "Uppercase_Letter", "Lu",
                    "Mark", "M",
                    "Number", "N",
                    "Decimal_Number", "Nd",
                    "Punctuation", "P",
                    "Symbol", "S",
                    "Separator", "Z");

    private static final Pattern FLAGS = Pattern.compile("\\(\\?([is]{1,2})\\)");
    private static final Pattern AT_MOST = Pattern.compile("\\{,[0-9]{1,9}\\}");

    private final String source;
    private final StringBuilder target = new StringBuilder();
    private int at;
    private boolean inClass;
    private String anyCharacter = "[^" + LINE_ENDS + "]";

    private EcmaPattern(String source) {
        this.source = source;
    }

    static String toRe2(String source) throws UnsupportedPattern {
        return new EcmaPattern(source).translated();
    }

    /** The flags that {@code source} begins with, as it spells them; empty if none. */
    static String flags(String source) {
        var flags = FLAGS.matcher(source);
        return flags.lookingAt() ? flags.group() : "";
    }

    /** {@code source} with its flags first: {@code ^(?i)a} is {@code (?i)^a}. */
    static String withFlagsFirst(String source) {
        var flags = source.startsWith("^") ? flags(source.substring(1)) : "";
        return flags.isEmpty() ? source : flags + "^" + source.substring(1 + flags.length());
    }

    private String translated() throws UnsupportedPattern {
        var flags = flags(source);
        if (flags.contains("s")) {
            anyCharacter = "[\\x{0}-\\x{10ffff}]";
        }
        replace(flags.length(), flags.contains("i") ? "(?i)" : "");
        while (at < source.length()) {
            char unit = source.charAt(at);
            if (unit == '\\') {
                escape();
            } else if (inClass) {
                classMember(unit);
            } else {
                term(unit);
            }
        }
        return target.toString();
    }

    private void term(char unit) throws UnsupportedPattern {
        switch (unit) {
            case '[' -> openClass();
            case '(' -> openGroup();
            case '{' -> count();
            case '.' -> replace(1, anyCharacter);
            default -> copy(1);
        }
    }

    /** {@code {,3}} is text for one language and a repetition for another. */
    private void count() throws UnsupportedPattern {
        if (AT_MOST.matcher(source).region(at, source.length()).lookingAt()) {
            throw new UnsupportedPattern();
        }
        copy(1);
    }

    /** {@code []} and {@code [^]} mean nothing and anything in ECMA, and something else in RE2. */
    private void openClass() throws UnsupportedPattern {
        int length = source.startsWith("[^", at) ? 2 : 1;
        if (source.startsWith("]", at + length)) {
            throw new UnsupportedPattern();
        }
        copy(length);
        inClass = true;
    }

    private void classMember(char unit) {
        if (unit == '[') {
            replace(1, "\\["); // RE2 would read [: as the start of a POSIX class
            return;
        }
        inClass = unit != ']';
        copy(1);
    }

    /** Of all that begins with {@code (?}, both sides know plain and named groups only. */
    private void openGroup() throws UnsupportedPattern {
        if (source.startsWith("(?P<", at) || source.startsWith("(?i:", at)) {
            copy(4);
            return;
        }
        boolean special = source.startsWith("(?", at);
        boolean named = source.startsWith("(?<", at) && !source.startsWith("(?<=", at);
        boolean known = source.startsWith("(?:", at) || named && !source.startsWith("(?<!", at);
        if (special && !known) {
            throw new UnsupportedPattern();
        }
        copy(special ? 3 : 1);
    }

    private void escape() throws UnsupportedPattern {
        if (at + 1 >= source.length()) {
            throw new UnsupportedPattern();
        }
        char kind = source.charAt(at + 1);
        switch (kind) {
            case 'd', 'D', 'w', 'W', 'n', 'r', 't', 'f' -> copy(2);
            case 'v' -> replace(2, "\\x{b}");
            case 's' -> replace(2, inClass ? SPACES : "[" + SPACES + "]");
            case 'S' -> notSpace();
            case 'b', 'B' -> boundary(kind);
            case 'A', 'z', 'Z' -> end(kind);
            case '0' -> replace(2, "\\x{0}");
            case 'c' -> control();
            case 'x' -> codePoint(2, 2);
            case 'u' -> unicode();
            case 'p', 'P' -> category(kind);
            default -> literal(kind);
        }
    }

    /** Inside a class RE2 cannot say it; its own class differs for non-ASCII spaces only. */
    private void notSpace() {
        replace(2, inClass ? "\\S" : "[^" + SPACES + "]");
    }

    private void boundary(char kind) throws UnsupportedPattern {
        if (!inClass) {
            copy(2);
        } else if (kind == 'b') {
            replace(2, "\\x{8}");
        } else {
            throw new UnsupportedPattern();
        }
    }

    private void end(char kind) throws UnsupportedPattern {
        if (inClass) {
            throw new UnsupportedPattern();
        }
        replace(2, kind == 'A' ? "\\A" : "\\z");
    }

    private void control() throws UnsupportedPattern {
        char letter = at + 2 < source.length() ? source.charAt(at + 2) : 0;
        if (!isAsciiLetter(letter)) {
            throw new UnsupportedPattern();
        }
        replace(3, hex(letter % 32));
    }

    private void unicode() throws UnsupportedPattern {
        if (source.startsWith("{", at + 2)) {
            int end = source.indexOf('}', at);
            codePoint(3, end - at - 3);
            at++; // the closing brace
        } else {
            utf16();
        }
    }

    private void utf16() throws UnsupportedPattern {
        int first = number(at + 2, 4);
        if (!Character.isSurrogate((char) first)) {
            replace(6, hex(first));
            return;
        }
        int second = source.startsWith("\\u", at + 6) ? number(at + 8, 4) : 0;
        if (!Character.isSurrogatePair((char) first, (char) second)) {
            throw new UnsupportedPattern();
        }
        replace(12, hex(Character.toCodePoint((char) first, (char) second)));
    }

    private void codePoint(int prefix, int digits) throws UnsupportedPattern {
        int value = number(at + prefix, digits);
        if (!Character.isValidCodePoint(value)) {
            throw new UnsupportedPattern();
        }
        replace(prefix + digits, hex(value));
    }

    private void category(char kind) throws UnsupportedPattern {
        int end = source.indexOf('}', at);
        if (!source.startsWith("{", at + 2) || end < 0) {
            throw new UnsupportedPattern();
        }
        var name = source.substring(at + 3, end);
        replace(end + 1 - at, "\\" + kind + "{" + CATEGORIES.getOrDefault(name, name) + "}");
    }

    /** Letters and digits would be back references or what only one side knows. */
    private void literal(char unit) throws UnsupportedPattern {
        if (Character.isLetterOrDigit(unit) || unit > 0x7f) {
            throw new UnsupportedPattern();
        }
        copy(2);
    }

    private int number(int from, int digits) throws UnsupportedPattern {
        if (digits < 1 || digits > 6 || from + digits > source.length()) {
            throw new UnsupportedPattern();
        }
        try {
            return Integer.parseUnsignedInt(source, from, from + digits, 16);
        } catch (NumberFormatException e) {
            throw new UnsupportedPattern();
        }
    }

    private static String hex(int codePoint) {
        return "\\x{" + Integer.toHexString(codePoint) + "}";
    }

    private static boolean isAsciiLetter(char unit) {
        return unit >= 'A' && unit <= 'Z' || unit >= 'a' && unit <= 'z';
    }

    private void copy(int length) {
        replace(length, source.substring(at, Math.min(at + length, source.length())));
    }

    private void replace(int length, String replacement) {
        target.append(replacement);
        at += length;
    }
}
