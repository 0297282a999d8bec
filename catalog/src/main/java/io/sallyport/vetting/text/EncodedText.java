package io.sallyport.vetting.text;

import io.sallyport.catalog.ShortText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds readable text that was hidden in Base64. */
final class EncodedText {
    private static final Pattern CANDIDATE = Pattern.compile("[A-Za-z0-9+/]{24,4096}={0,2}");
    private static final int MAX_SEARCHED = 64 * 1024;

    private EncodedText() {}

    /** Returns an excerpt of what the first such run decodes to. */
    static Optional<String> find(String text) {
        return CANDIDATE
                .matcher(ShortText.cut(text, MAX_SEARCHED))
                .results()
                .map(run -> decoded(run.group()))
                .filter(EncodedText::isProse)
                .map(prose -> ShortText.excerpt(prose, 0))
                .findFirst();
    }

    private static String decoded(String run) {
        try {
            return new String(Base64.getDecoder().decode(run), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return ""; // a path or a word of that length, not Base64
        }
    }

    private static boolean isProse(String text) {
        return text.contains(" ") && text.chars().allMatch(unit -> unit >= 0x20 && unit < 0x7f);
    }
}
