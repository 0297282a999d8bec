package io.sallyport.vetting.schema;

/** Finds the groups, classes and alternatives of a pattern in ECMA-262's syntax. */
final class PatternText {
    private final String pattern;

    private PatternText(String pattern) {
        this.pattern = pattern;
    }

    /** Whether {@code pattern} has a {@code |} outside of all groups. */
    static boolean hasAlternatives(String pattern) {
        var text = new PatternText(pattern);
        int depth = 0;
        for (int at = 0; at < pattern.length(); at = text.next(at)) {
            char unit = pattern.charAt(at);
            if (unit == '|' && depth == 0) {
                return true;
            }
            depth += nesting(unit);
        }
        return false;
    }

    /** Behind the end of the group that begins at {@code start}, or -1. */
    static int endOfGroup(String pattern, int start) {
        var text = new PatternText(pattern);
        int depth = 0;
        for (int at = start; at < pattern.length(); at = text.next(at)) {
            depth += nesting(pattern.charAt(at));
            if (depth == 0) {
                return at + 1;
            }
        }
        return -1;
    }

    /** Where the outermost group begins that ends right before {@code end}, or -1. */
    static int startOfGroup(String pattern, int end) {
        var text = new PatternText(pattern);
        for (int at = 0; at < end; at = text.next(at)) {
            if (pattern.charAt(at) == '(') {
                int after = endOfGroup(pattern, at);
                if (after == end) {
                    return at;
                }
                if (after < 0) {
                    return -1;
                }
                at = after - 1;
            }
        }
        return -1;
    }

    /** Whether what ends right before {@code at} is repeated. */
    static boolean isRepeated(String pattern, int at) {
        return at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0;
    }

    /** Behind the class, the escape or the character at {@code at}. */
    static int endOfItem(String pattern, int at) {
        return new PatternText(pattern).next(at);
    }

    private static int nesting(char unit) {
        return switch (unit) {
            case '(' -> 1;
            case ')' -> -1;
            default -> 0;
        };
    }

    private int next(int at) {
        return switch (pattern.charAt(at)) {
            case '\\' -> at + 2;
            case '[' -> endOfClass(at + 1);
            default -> at + 1;
        };
    }

    private int endOfClass(int from) {
        int at = from;
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            at += pattern.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
