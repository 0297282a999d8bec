package io.sallyport.catalog;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Brings texts that look alike to one spelling, so that rules cannot be dodged by it. */
public final class Folding {
    /** Cyrillic and Greek letters that look like Latin ones, each above its double. */
    private static final String LOOK_ALIKES = "аеорсухіјѕԁһԛԝνοαρτικυ";

    private static final String DOUBLES = "aeopcyxijsdhqwvoaptiku";

    private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^\\p{L}\\p{N}]");

    /** Longest name whose look is compared; a longer one is no name. */
    private static final int MAX_NAME = 256;

    /** Unicode's own table of what looks alike (UTS 39). Safe for use by many threads. */
    private static final SpoofChecker LOOKS =
            new SpoofChecker.Builder()
                    .setChecks(SpoofChecker.RESTRICTION_LEVEL)
                    .setRestrictionLevel(SpoofChecker.RestrictionLevel.HIGHLY_RESTRICTIVE)
                    .build();

    /** Both of one version of Unicode, so that they agree on what a mark is. */
    private static final Normalizer2 COMPOSED = Normalizer2.getNFKCInstance();

    private static final Normalizer2 DECOMPOSED = Normalizer2.getNFKDInstance();

    /**
     * Marks on one character, as in Unicode's stream-safe text (UAX 15, section 13). Normalizing
     * sorts those of a character by insertion, and no language writes half as many.
     */
    private static final int MAX_MARKS = 30;

    private Folding() {}

    /** Compatibility forms, lower case, without invisible characters and look-alike letters. */
    public static String fold(String text) {
        if (isPlain(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        var folded = new StringBuilder(text.length());
        COMPOSED.normalize(withFewMarks(text))
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(codePoint -> Character.getType(codePoint) != Character.FORMAT)
                .map(Folding::latin)
                .forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** Without the marks of each character that are too many; what decomposes to one is one. */
    private static String withFewMarks(String text) {
        var kept = new StringBuilder(text.length());
        int marks = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int codePoint = text.codePointAt(at);
            marks = DECOMPOSED.hasBoundaryBefore(codePoint) ? 0 : marks + 1;
            if (marks <= MAX_MARKS) {
                kept.appendCodePoint(codePoint);
            }
        }
        return kept.toString();
    }

    /**
     * What is left of a name if only its look counts: neither case nor separators, and of letters
     * that look alike one. As it is written and in lower case, since {@code I} looks like {@code l}
     * and {@code i} does not. Names that share one of these look alike.
     */
    public static Set<String> skeletons(String name) {
        var shown = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
        return Set.copyOf(List.of(skeleton(shown), skeleton(fold(shown))));
    }

    private static String skeleton(String name) {
        var look = LOOKS.getSkeleton(name).toLowerCase(Locale.ROOT);
        return NEITHER_LETTER_NOR_DIGIT
                .matcher(look)
                .replaceAll("")
                .replace("cl", "d") // UTS 39 has rn for m, and not these two
                .replace("vv", "w");
    }

    /** Whether {@code name} mixes scripts that no language mixes, or looks like plain ASCII. */
    public static boolean isDisguised(String name) {
        var shown = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
        return !isPlain(shown) && (LOOKS.failsChecks(shown) || isPlain(LOOKS.getSkeleton(shown)));
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(unit -> unit < 0x80);
    }

    private static int latin(int codePoint) {
        int at = LOOK_ALIKES.indexOf(codePoint);
        return at < 0 ? codePoint : DOUBLES.charAt(at);
    }
}
