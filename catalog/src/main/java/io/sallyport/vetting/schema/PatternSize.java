package io.sallyport.vetting.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how many instructions a pattern in RE2's syntax compiles to, before it is compiled:
 * counted repetitions are unrolled, so {@code ((a{1000}){1000}){1000}} would fill the memory.
 */
final class PatternSize {
    private final String pattern;
    private final Deque<Long> outer = new ArrayDeque<>();

    /** Size of the open group so far, and of the last thing that a repetition would repeat. */
    private long size;

    private long last;
    private int at;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    static long of(String pattern) {
        return new PatternSize(pattern).measured();
    }

    private long measured() {
        while (at < pattern.length()) {
            char unit = pattern.charAt(at++);
            switch (unit) {
                case '(' -> open();
                case ')' -> close();
                case '{' -> repeat();
                case '[' -> atom(endOfClass());
                case '\\' -> atom(at + 1);
                default -> atom(at);
            }
        }
        return outer.stream().reduce(size, Long::sum);
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
        int end = pattern.indexOf('}', at);
        long count = end < 0 ? 0 : highest(pattern.substring(at, end));
        if (count > 1) {
            size += last * (count - 1);
            last *= count;
        }
    }

    private static long highest(String bounds) {
        long highest = 0;
        for (var bound : bounds.split(",")) {
            if (bound.matches("[0-9]{1,4}")) {
                highest = Math.max(highest, Long.parseLong(bound));
            }
        }
        return highest;
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
