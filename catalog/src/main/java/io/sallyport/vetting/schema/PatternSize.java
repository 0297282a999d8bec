package io.sallyport.vetting.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates what a pattern in RE2's syntax takes to compile, before it is compiled: counted
 * repetitions are unrolled, so {@code ((a{1000}){1000}){1000}} would fill the memory, and a class
 * is one instruction, however long it takes to build.
 */
final class PatternSize {
    private static final String FOLDED = "(?i";

    /** Of a repetition, behind its brace; what is none is read as it stands. */
    private static final Pattern BOUNDS = Pattern.compile("([0-9]{0,4})(?:,([0-9]{0,4}))?\\}");

    private final String pattern;
    private final boolean folded;
    private final Deque<Long> outer = new ArrayDeque<>();

    /** Size of the open group so far, and of the last thing that a repetition would repeat. */
    private long size;

    private long last;
    private long classes;
    private int at;

    private PatternSize(String pattern) {
        this.pattern = pattern;
        this.folded = pattern.contains(FOLDED);
    }

    static PatternSize of(String pattern) {
        var size = new PatternSize(pattern);
        size.measure();
        return size;
    }

    long instructions() {
        return outer.stream().reduce(size, Long::sum);
    }

    /** What building the classes takes beside, in instructions; a repetition shares its class. */
    long classes() {
        return classes;
    }

    private void measure() {
        while (at < pattern.length()) {
            char unit = pattern.charAt(at++);
            switch (unit) {
                case '(' -> open();
                case ')' -> close();
                case '{' -> repeat();
                case '[' -> member(beginOfMembers(), endOfClass() - 1, endOfClass());
                case '\\' -> member(at - 1, endOfEscape(), endOfEscape());
                default -> member(at - 1, at, at);
            }
        }
    }

    /** One instruction; what it stands for is a class, or as one of a single member. */
    private void member(int begin, int end, int next) {
        classes += ClassSize.of(pattern.substring(begin, Math.min(end, pattern.length())), folded);
        atom(next);
    }

    /** Braces behind an escape name a character or a category, and repeat nothing. */
    private int endOfEscape() {
        boolean hasBraces = at < pattern.length() && "xpP".indexOf(pattern.charAt(at)) >= 0;
        int end = hasBraces ? pattern.indexOf('}', at) : at;
        return end < 0 ? pattern.length() : end + 1;
    }

    private void atom(int next) {
        add(1);
        at = next;
    }

    private void add(long more) {
        last = more;
        size += more;
    }

    private void open() {
        outer.push(size);
        size = 2; // the two ends of a capture
        last = 0;
    }

    private void close() {
        long group = size;
        size = outer.isEmpty() ? 0 : outer.pop();
        add(group);
    }

    private void repeat() {
        var bounds = BOUNDS.matcher(pattern).region(at, pattern.length());
        long count = bounds.lookingAt() ? Math.max(bound(bounds, 1), bound(bounds, 2)) : 0;
        if (count > 1) {
            size += last * (count - 1);
            last *= count;
        }
    }

    private static long bound(Matcher bounds, int group) {
        var digits = bounds.group(group);
        return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    /** What turns a class round is none of its members. */
    private int beginOfMembers() {
        return pattern.startsWith("^", at) ? at + 1 : at;
    }

    /** Our translation escapes brackets inside classes, so the next bare one ends it. */
    private int endOfClass() {
        int end = at;
        while (end < pattern.length() && pattern.charAt(end) != ']') {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }
}
