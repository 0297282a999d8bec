package io.sallyport.policy;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells which URIs may be asked for. Patterns compare text, so a URI that could mean the same as
 * another text is refused, in whatever encoding: otherwise {@code file:///docs/../etc/passwd} would
 * be allowed by {@code file:///docs/*}.
 */
public final class ResourceUri {
    /** Longer ones are no address that anybody wrote. */
    public static final int MAX_LENGTH = 2_048;

    /** Lower case, as RFC 3986 section 6.2.2.1 has it: {@code FILE:} would dodge a rule. */
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,63}:.+");

    private static final Pattern PASSWORD = Pattern.compile("[^:/?#]*://[^/?#:]*:[^/?#]*@.*");

    /** Whatever may stand around a dot segment, in a path or in what a server takes for one. */
    private static final Pattern DELIMITERS = Pattern.compile("[/\\\\?#&=;:]");

    private static final String UNRESERVED = "-._~";

    /** Nobody encodes an encoded text more often, other than to hide something in it. */
    private static final int MAX_DECODINGS = 3;

    private ResourceUri() {}

    /**
     * Returns false for a URI that is relative or longer than 2 048 characters, that holds white
     * space, a control or invisible character, a backslash, a dot segment or a password, or that
     * encodes characters which need no encoding. The text of a URI template is judged the same way.
     * Enough for a URI that its server lists letter by letter; for others see {@link #isCanonical}.
     */
    public static boolean mayBeAskedFor(String uri) {
        return uri.length() <= MAX_LENGTH
                && SCHEME.matcher(uri).matches()
                && !PASSWORD.matcher(uri).matches()
                && isEncodedAsNeeded(uri)
                && isHarmlessDecoded(uri);
    }

    /**
     * Tells whether {@code uri} may be asked for and is in the one spelling that a URI has here:
     * lower case in scheme and host, no port that is meant anyway, no empty segment, no fragment,
     * nothing encoded that could stand as it is, and what is encoded is readable text in upper-case
     * digits. Two such URIs mean different resources. Addresses in brackets are in no such
     * spelling.
     */
    public static boolean isCanonical(String uri) {
        return mayBeAskedFor(uri) && UriSpelling.isTheOnlyOne(UriParts.of(uri));
    }

    /**
     * Returns the canonical spelling of {@code uri}: itself, or the same with sub-delims, colons
     * and at signs as they are that it encodes in path or query, as clients do who fill in a
     * template (RFC 6570, section 3.2.2). Rules are about both texts then. Empty if that is not
     * canonical either.
     */
    public static Optional<String> canonical(String uri) {
        if (!mayBeAskedFor(uri)) {
            return Optional.empty();
        }
        var plain = UriParts.of(uri).plain();
        var text = plain.text();
        return UriSpelling.isTheOnlyOne(plain) && UriParts.of(text).equals(plain)
                ? Optional.of(text)
                : Optional.empty();
    }

    /** As {@link #isCanonical}, of the text of a URI template around its variables. */
    public static boolean isCanonicalTemplate(String template) {
        return mayBeAskedFor(template)
                && UriSpelling.isTheOnlyOne(UriParts.of(TemplateText.example(template)));
    }

    /**
     * Returns the texts that a lenient server may take {@code uri} for, itself first: without
     * query, without a slash at the end or parameters in its segments, with what need not be
     * encoded as it is. What is refused under one of them is refused under all.
     */
    public static Set<String> readings(String uri) {
        return UriReadings.of(UriParts.of(uri));
    }

    /**
     * Returns one text for all URIs that a server may take for the same resource, also for those
     * that may not be asked for. It is no URI itself.
     */
    public static String meaning(String uri) {
        return UriMeaning.of(uri);
    }

    /** Unreserved characters stand for themselves (RFC 3986, 6.2.2.2); a lone % is no encoding. */
    private static boolean isEncodedAsNeeded(String uri) {
        for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
            if (!PercentEncoding.isAt(uri, at) || isUnreserved(PercentEncoding.octet(uri, at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || UNRESERVED.indexOf(octet) >= 0;
    }

    /** What a server sees that decodes once, and one that decodes again. */
    private static boolean isHarmlessDecoded(String uri) {
        var text = uri;
        for (int decodings = 0; decodings <= MAX_DECODINGS; decodings++) {
            if (!isHarmless(text, decodings == 0) || !isHarmless(wide(text), false)) {
                return false;
            }
            var decoded = PercentEncoding.decoded(text);
            if (decoded.equals(text)) {
                return true;
            }
            text = decoded;
        }
        return false;
    }

    /** As servers see it that take full-width dots and slashes for dots and slashes. */
    private static String wide(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    /** White space is fine only where it is encoded. */
    private static boolean isHarmless(String text, boolean asWritten) {
        return text.indexOf('\\') < 0
                && text.chars().noneMatch(Character::isISOControl)
                && (!asWritten || isVisible(text))
                && Arrays.stream(DELIMITERS.split(text)).noneMatch(ResourceUri::isDots);
    }

    private static boolean isVisible(String text) {
        return PlainText.isPlain(text) && text.codePoints().noneMatch(Character::isSpaceChar);
    }

    private static boolean isDots(String segment) {
        return segment.equals(".") || segment.equals("..");
    }
}
