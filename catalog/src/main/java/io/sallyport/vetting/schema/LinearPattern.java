package io.sallyport.vetting.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression whose work is linear in the text and charged to the running validation.
 * RE2/J needs 10 ns for each character and instruction at worst (measured), which is one unit.
 */
final class LinearPattern implements RegularExpression {
    /** Instructions; the largest of the published patterns has 230. */
    private static final long MAX_SIZE = 5_000;

    private static final int MAX_LENGTH = 4_096;

    /** What starting a match costs, in characters. */
    private static final long START = 8;

    private final List<Check> checks;
    private final int size;
    private final long classes;

    private LinearPattern(List<Check> checks, long classes) {
        this.checks = checks;
        this.size = checks.stream().mapToInt(Check::size).sum();
        this.classes = classes;
    }

    private sealed interface Check {
        int size();

        boolean holds(String text);
    }

    private record Search(Pattern pattern, boolean wanted) implements Check {
        @Override
        public int size() {
            return pattern.programSize();
        }

        @Override
        public boolean holds(String text) {
            return pattern.matcher(text).find() == wanted;
        }
    }

    private record Measure(PatternDemand.Length length) implements Check {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public boolean holds(String text) {
            int count = text.codePointCount(0, text.length());
            return count >= length.least() && count <= length.most();
        }
    }

    static LinearPattern compile(String source) throws UnsupportedPattern {
        if (source.length() > MAX_LENGTH) {
            throw new UnsupportedPattern();
        }
        var checks = new ArrayList<Check>();
        long instructions = 0;
        long classes = 0;
        for (var demand : PatternDemands.of(source)) {
            switch (demand) {
                case PatternDemand.Fit(var pattern, var wanted) -> {
                    var translated = EcmaPattern.toRe2(pattern);
                    var size = PatternSize.of(translated);
                    instructions += size.instructions();
                    classes += size.classes();
                    checks.add(new Search(compiled(translated, instructions + classes), wanted));
                }
                case PatternDemand.Length length -> checks.add(new Measure(length));
            }
        }
        return new LinearPattern(List.copyOf(checks), classes);
    }

    private static Pattern compiled(String translated, long size) throws UnsupportedPattern {
        if (size > MAX_SIZE) {
            throw new UnsupportedPattern();
        }
        try {
            return Pattern.compile(translated);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new UnsupportedPattern();
        }
    }

    /** Instructions: what it costs for each character. */
    int size() {
        return size;
    }

    /** Instructions, and what building the classes takes beside, in such: in time and memory. */
    long weight() {
        return size + classes;
    }

    @Override
    public boolean matches(String value) {
        Effort.charge((value.length() + START) * size);
        return checks.stream().allMatch(check -> check.holds(value));
    }
}
