package io.sallyport.catalog.vetting;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Brings texts that look alike to one spelling, so that rules cannot be dodged by it. */
public final class Folding {
    /** Cyrillic and Greek letters that look like Latin ones, each above its double. */
    private static final String LOOK_ALIKES = "аеорсухіјѕԁһԛԝνοαρτικυ";

    private static final String DOUBLES = "aeopcyxijsdhqwvoaptiku";

    private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^\\p{L}\\p{N}]");

    private Folding() {}

    /** Compatibility forms, lower case, without invisible characters and look-alike letters. */
    public static String fold(String text) {
        if (isPlain(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        var folded = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(codePoint -> Character.getType(codePoint) != Character.FORMAT)
                .map(Folding::latin)
                .forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** What is left of a name if neither case, separators nor look-alike letters count. */
    public static String skeleton(String name) {
        return NEITHER_LETTER_NOR_DIGIT.matcher(fold(name)).replaceAll("");
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(unit -> unit < 0x80);
    }

    private static int latin(int codePoint) {
        int at = LOOK_ALIKES.indexOf(codePoint);
        return at < 0 ? codePoint : DOUBLES.charAt(at);
    }
}
