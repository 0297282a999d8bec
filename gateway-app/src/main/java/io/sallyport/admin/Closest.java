package io.sallyport.admin;

import io.sallyport.catalog.ShortText;
import io.sallyport.policy.VisibleText;
import java.util.Collection;
import java.util.Comparator;

/** Says what was probably meant: the known word that takes the fewest changes of a character. */
final class Closest {
    /** In characters; longer words are cut before they are compared and repeated. */
    private static final int MAX_WORD = 60;

    private Closest() {}

    /**
     * The sentence about a word that is not known.
     *
     * @param what the kind of word, for example {@code filter}
     */
    static String unknown(String what, String given, Collection<String> known) {
        var word = ShortText.cut(given, MAX_WORD);
        var sentence = "Unknown " + what + ": " + VisibleText.of(word) + ".";
        return known.stream()
                .min(
                        Comparator.<String>comparingInt(it -> distance(word, it))
                                .thenComparing(Comparator.naturalOrder()))
                .map(it -> sentence + " The closest is " + it + ".")
                .orElse(sentence);
    }

    /** Levenshtein's, by rows. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
