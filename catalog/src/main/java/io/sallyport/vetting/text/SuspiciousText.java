package io.sallyport.vetting.text;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Folding;
import io.sallyport.catalog.ShortText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads one string for what a reviewer should look at. Each finding is a hint and never a verdict:
 * whoever knows the rules writes around them.
 */
final class SuspiciousText {
    /** Longest text that is searched; a longer one is a finding by itself. */
    private static final int MAX_SEARCHED = 64 * 1024;

    /** The longest published description has 6 917 characters, all but two have under 4 000. */
    private static final int LONG_TEXT = 4_000;

    private static final Pattern SECRET_NAME =
            Pattern.compile(
                    """
                    (user_?)?(password|passphrase|pin) | api_?key | (access|auth)_?token
                    | client_?secret | secret(_?key)? | private_?key | credit_?card(_?number)?
                    | cvv | ssn
                    """,
                    Pattern.COMMENTS);

    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s@]{1,64}@[^\\s@.]{1,64}(\\.[^\\s@.]{1,64}){1,8}");

    private SuspiciousText() {}

    /** Returns the first match of every rule that {@code text} matches. */
    static List<Finding> find(DescriptorText text) {
        var folded = Folding.fold(ShortText.cut(text.text(), MAX_SEARCHED));
        var findings = new FindingList(text.place());
        for (var rule : PhraseRule.ALL) {
            var matcher = rule.pattern().matcher(folded);
            if (matcher.find()) {
                findings.warn(rule.id(), ShortText.excerpt(folded, matcher.start()));
            }
        }
        EncodedText.find(text.text()).ifPresent(shown -> findings.warn("encoded_text", shown));
        ofWhole(text, folded).ifPresent(rule -> findings.warn(rule, ShortText.excerpt(folded, 0)));
        return findings.all();
    }

    /** Rules about the text as a whole. */
    private static Optional<String> ofWhole(DescriptorText text, String folded) {
        if (text.isName()) {
            boolean secret = SECRET_NAME.matcher(folded).matches();
            return secret ? Optional.of("secret_requested") : Optional.empty();
        }
        if (text.place().step().equals("default") && ADDRESS.matcher(folded).matches()) {
            return Optional.of("preset_recipient");
        }
        return folded.length() > LONG_TEXT ? Optional.of("long_text") : Optional.empty();
    }
}
