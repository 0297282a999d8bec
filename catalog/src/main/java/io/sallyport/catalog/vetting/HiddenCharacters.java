package io.sallyport.catalog.vetting;

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
        var value = text.text();
        int at = 0;
        while (at < value.length()) {
            int codePoint = value.codePointAt(at);
            if (codePoint < 0x20 || codePoint >= 0x7f) {
                var rule = ruleAgainst(codePoint, value, at);
                if (rule.isPresent()) {
                    return Optional.of(finding(rule.get(), text, at));
                }
            }
            at += Character.charCount(codePoint);
        }
        return Optional.empty();
    }

    private static Finding finding(String rule, DescriptorText text, int at) {
        var excerpt = ShortText.excerpt(text.text(), at);
        return new Finding(rule, Severity.BLOCK, text.place().pointer(), excerpt);
    }

    private static Optional<String> ruleAgainst(int codePoint, String text, int at) {
        if (!VisibleText.isHidden(text, at)) {
            return Optional.empty();
        }
        if (VisibleText.isControl(codePoint)) {
            return Optional.of("control_character");
        }
        return Optional.of(
                VisibleText.turnsDirection(codePoint) ? "bidi_character" : "invisible_character");
    }
}
