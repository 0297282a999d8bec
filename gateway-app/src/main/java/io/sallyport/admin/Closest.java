package io.sallyport.admin;

import io.sallyport.catalog.ShortText;
import io.sallyport.policy.VisibleText;
import io.sallyport.settings.Spelling;
import java.util.Collection;

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
        return Spelling.closest(word, known)
                .map(it -> sentence + " The closest is " + it + ".")
                .orElse(sentence);
    }
}
