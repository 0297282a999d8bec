package io.sallyport.catalog.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

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

    private final Pattern pattern;
    private final int size;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
        this.size = pattern.programSize();
    }

    static LinearPattern compile(String source) throws UnsupportedPattern {
        if (source.length() > MAX_LENGTH) {
            throw new UnsupportedPattern();
        }
        var translated = EcmaPattern.toRe2(source);
        if (PatternSize.of(translated) > MAX_SIZE) {
            throw new UnsupportedPattern();
        }
        try {
            return new LinearPattern(Pattern.compile(translated));
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new UnsupportedPattern();
        }
    }

    @Override
    public boolean matches(String value) {
        Effort.charge((value.length() + START) * size);
        return pattern.matcher(value).find();
    }
}
