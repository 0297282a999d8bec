package io.sallyport.vetting.text;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.ShortText;
import io.sallyport.policy.VisibleText;
import java.util.Optional;

/**
 * Finds characters that a model reads and a reviewer does not see, by the table of {@link
 * VisibleText}; with control characters, ANSI sequences begin.
 */
final class HiddenCharacters {
    private HiddenCharacters() {}

    /** Returns the first hidden character of {@code text}, if there is one. */
    static Optional<Finding> find(DescriptorText text) {
        var at = VisibleText.firstHidden(text.text());
        return at.isPresent() ? Optional.of(finding(text, at.getAsInt())) : Optional.empty();
    }

    private static Finding finding(DescriptorText text, int at) {
        var rule = ruleAgainst(text.text().codePointAt(at));
        var excerpt = ShortText.excerpt(text.text(), at);
        return new Finding(rule, Severity.BLOCK, text.place().pointer(), excerpt);
    }

    private static String ruleAgainst(int codePoint) {
        if (VisibleText.isControl(codePoint)) {
            return "control_character";
        }
        return VisibleText.turnsDirection(codePoint) ? "bidi_character" : "invisible_character";
    }
}
