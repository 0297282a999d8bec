package io.sallyport.vetting.schema;

import java.util.regex.Pattern;

/**
 * Estimates what building a character class takes of time and memory, in instructions of a program
 * of RE2. Where case does not count RE2/J looks at each character of a range; of a category it
 * copies up to 600 ranges.
 */
final class ClassSize {
    /** Characters that take as long as an instruction of a pattern takes to be compiled. */
    private static final int STEPS_PER_INSTRUCTION = 64;

    private static final long CATEGORY = 40;

    /** Separators are few. */
    private static final Pattern SMALL_CATEGORY = Pattern.compile("\\\\p\\{Z[a-z]?\\}");

    private static final int NO_CHARACTER = -1;

    private final String members;
    private int at;
    private long steps;
    private long categories;

    private ClassSize(String members) {
        this.members = members;
    }

    /**
     * @param members what stands between the brackets, as {@link EcmaPattern} translates it
     * @param folded whether case does not count
     */
    static long of(String members, boolean folded) {
        var size = new ClassSize(members);
        while (size.at < members.length()) {
            size.member();
        }
        return size.categories + (folded ? size.steps / STEPS_PER_INSTRUCTION : 0);
    }

    /** The category that is named at {@code at} of {@code pattern}, if one is. */
    static long ofCategory(String pattern, int at) {
        boolean isOne = pattern.startsWith("\\p", at) || pattern.startsWith("\\P", at);
        boolean isSmall = SMALL_CATEGORY.matcher(pattern).region(at, pattern.length()).lookingAt();
        return isOne && !isSmall ? CATEGORY : 0;
    }

    private void member() {
        int first = character();
        int last = first;
        if (first != NO_CHARACTER && members.startsWith("-", at) && at + 1 < members.length()) {
            at++;
            last = character();
        }
        steps += CaseFolding.steps(first, last);
    }

    /** Reads on to behind the next one; what stands for many is none. */
    private int character() {
        int start = at;
        int codePoint = members.codePointAt(at);
        at += Character.charCount(codePoint);
        if (codePoint != '\\' || at >= members.length()) {
            return codePoint;
        }
        char kind = members.charAt(at++);
        return switch (kind) {
            case 'x' -> hex();
            case 'p', 'P' -> {
                categories += ofCategory(members, start);
                skipBraces();
                yield NO_CHARACTER;
            }
            case 'd', 'D', 'w', 'W', 's', 'S' -> NO_CHARACTER;
            case 'n', 'r', 't', 'f' -> 0; // below all that has a case
            default -> kind;
        };
    }

    private int hex() {
        int start = at + 1;
        skipBraces();
        return Integer.parseInt(members, start, at - 1, 16);
    }

    private void skipBraces() {
        int end = members.indexOf('}', at);
        at = end < 0 ? members.length() : end + 1;
    }
}
