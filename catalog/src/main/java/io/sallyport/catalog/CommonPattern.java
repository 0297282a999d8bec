package io.sallyport.catalog;

import java.util.regex.Pattern;

/**
 * Whether clients compile a pattern that vetting could read. They do with the flag {@code u} of
 * ECMA-262, which refuses much that is harmless: {@code \@}, {@code [\w-.]}, a brace of its own.
 */
final class CommonPattern {
    private static final String CLASSES = "dDwWsS";
    private static final String ESCAPES = CLASSES + "fnrtvux^$\\.*+?()[]{}|/";
    private static final Pattern COUNT = Pattern.compile("\\{\\d{1,4}(,\\d{0,4})?\\}");

    private final String source;
    private boolean inClass;
    private int at;

    private CommonPattern(String source) {
        this.source = source;
    }

    static boolean is(String source) {
        return new CommonPattern(source).isCommon();
    }

    private boolean isCommon() {
        while (at < source.length()) {
            int length = inClass ? member() : term();
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** The length of what is read at the place, 0 if that is not known to be taken. */
    private int term() {
        return switch (source.charAt(at)) {
            case '\\' -> escape();
            case '^', '$' -> once(1);
            case '(' -> group();
            case '{' -> count();
            case '}', ']' -> 0;
            case '[' -> {
                inClass = true;
                yield source.startsWith("[^", at) ? 2 : 1;
            }
            default -> 1;
        };
    }

    private int escape() {
        if (!isEscape("bB")) {
            return 0;
        }
        return "bB".indexOf(source.charAt(at + 1)) < 0 ? 2 : once(2);
    }

    /** What says something of a place is not repeated. */
    private int once(int length) {
        int next = at + length;
        boolean isRepeated = next < source.length() && "*+?{".indexOf(source.charAt(next)) >= 0;
        return isRepeated ? 0 : length;
    }

    private int group() {
        if (source.startsWith("(?:", at)) {
            return 3;
        }
        return source.startsWith("(?", at) ? 0 : 1;
    }

    private int count() {
        var count = COUNT.matcher(source).region(at, source.length());
        return count.lookingAt() ? count.end() - at : 0;
    }

    private int member() {
        char unit = source.charAt(at);
        if (unit == '\\') {
            return isEscape("b-") && !isEndOfRange(at + 2) ? 2 : 0;
        }
        inClass = unit != ']';
        return unit == '-' && isClass(at + 1) && source.charAt(at - 1) != '[' ? 0 : 1;
    }

    private boolean isEscape(String others) {
        return at + 1 < source.length() && (ESCAPES + others).indexOf(source.charAt(at + 1)) >= 0;
    }

    /** A range that begins with {@code \w} is none. */
    private boolean isEndOfRange(int dash) {
        return CLASSES.indexOf(source.charAt(at + 1)) >= 0
                && source.startsWith("-", dash)
                && !source.startsWith("-]", dash);
    }

    private boolean isClass(int place) {
        return source.startsWith("\\", place)
                && place + 1 < source.length()
                && CLASSES.indexOf(source.charAt(place + 1)) >= 0;
    }
}
