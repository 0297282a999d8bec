package io.sallyport.policy;

import java.text.Normalizer;
import java.util.Locale;

/**
 * One person or service, whatever spelling a credential names it by. Requester, approver and votes
 * are compared as this and never as text; what is stored and shown stays as it was given.
 *
 * @param name the normal form: NFKC, case folded
 */
public record Person(String name) {
    public static Person of(String subject) {
        var folded = compatible(subject).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return new Person(compatible(folded));
    }

    private static String compatible(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }
}
