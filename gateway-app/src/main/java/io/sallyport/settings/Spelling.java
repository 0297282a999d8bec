package io.sallyport.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Says what was probably meant. */
public final class Spelling {
    private Spelling() {}

    /**
     * Returns the known word that takes the fewest changes of a character, unless more than half of
     * it would have to change.
     */
    public static Optional<String> closest(String word, Collection<String> known) {
        return known.stream()
                .filter(it -> 2 * distance(word, it) <= Math.max(word.length(), it.length()))
                .min(
                        Comparator.<String>comparingInt(it -> distance(word, it))
                                .thenComparing(Comparator.naturalOrder()));
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
