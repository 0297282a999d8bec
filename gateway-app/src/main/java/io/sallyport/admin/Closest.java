package io.sallyport.admin;

import io.sallyport.catalog.ShortText;
import io.sallyport.policy.VisibleText;
import io.sallyport.settings.Spelling;
import java.util.Collection;
import java.util.stream.Collectors;

/** Says what was probably meant: the closest known word, or all of them if none is close. */
final class Closest {
    /** In characters; longer words are cut before they are compared and repeated. */
    private static final int MAX_WORD = 60;

    /** So many are told; more are in the reference. */
    private static final int MAX_TOLD = 16;

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
                .orElseGet(() -> sentence + told(known));
    }

    private static String told(Collection<String> known) {
        return known.isEmpty() || known.size() > MAX_TOLD
                ? ""
                : known.stream().sorted().collect(Collectors.joining(", ", " There is ", "."));
    }
}
