package io.sallyport.policy;

import java.util.List;
import java.util.Optional;

/**
 * One segment of a pattern: {@code *} stands for any number of characters, everything else for
 * itself. Cut at its stars once; matching then only compares and searches literal text.
 */
final class Glob {
    private final String prefix;
    private final List<String> middles;
    private final String suffix;
    private final boolean literal;

    private Glob(String prefix, List<String> middles, String suffix, boolean literal) {
        this.prefix = prefix;
        this.middles = middles;
        this.suffix = suffix;
        this.literal = literal;
    }

    static Glob of(String pattern) {
        var pieces = List.of(pattern.split("\\*", -1));
        var last = pieces.size() - 1;
        return last == 0
                ? new Glob(pattern, List.of(), "", true)
                : new Glob(pieces.getFirst(), pieces.subList(1, last), pieces.get(last), false);
    }

    /** Returns a pattern over slugs, or empty if no slug can match {@code pattern}. */
    static Optional<Glob> ofServer(String pattern) {
        boolean isPattern = pattern.chars().allMatch(c -> c == '*' || isSlugCharacter(c));
        return isPattern && (pattern.contains("*") || ServerSlug.isValid(pattern))
                ? Optional.of(of(pattern))
                : Optional.empty();
    }

    private static boolean isSlugCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** Tells whether the pattern has no star and so matches one text only. */
    boolean isLiteral() {
        return literal;
    }

    boolean matches(String text) {
        if (literal) {
            return text.equals(prefix);
        }
        return text.length() >= prefix.length() + suffix.length()
                && text.startsWith(prefix)
                && text.endsWith(suffix)
                && hasMiddles(text);
    }

    /** Takes the first place for each piece: an earlier place never rules out a later match. */
    private boolean hasMiddles(String text) {
        int from = prefix.length();
        int end = text.length() - suffix.length();
        for (var middle : middles) {
            int found = text.indexOf(middle, from, end);
            if (found < 0) {
                return false;
            }
            from = found + middle.length();
        }
        return true;
    }
}
