package io.sallyport.policy;

import java.text.Normalizer;

/** Which characters a part of a URI holds as they are, and so never encoded. */
enum UriCharacters {
    /** A colon would begin a password. */
    USER(UriCharacters.LETTERS, UriCharacters.DELIMITERS, ""),

    /** Without upper case, which means the same. */
    HOST("", UriCharacters.DELIMITERS, ""),

    PATH(UriCharacters.LETTERS + "/:@", "?", "!$&'()*+,;=:@"),

    QUERY(UriCharacters.LETTERS + "/:@?", "", "!$&'()*+,;=:@/?");

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** What would end the part, if somebody decoded before taking the URI apart. */
    private static final String DELIMITERS = "/:@?#[]";

    /** The unreserved characters without upper case, and the sub-delims (RFC 3986, 2). */
    private static final String EVERYWHERE =
            "abcdefghijklmnopqrstuvwxyz0123456789-._~" + "!$&'()*+,;=";

    private static final String NEVER_ENCODED = LETTERS + EVERYWHERE + "\\";

    private final String raw;
    private final String unencoded;
    private final String optional;

    /**
     * @param more what may stand as it is here besides {@link #EVERYWHERE}
     * @param optional of that, what clients encode that need not (RFC 6570, simple expansion)
     */
    UriCharacters(String more, String delimiters, String optional) {
        raw = EVERYWHERE + more;
        unencoded = NEVER_ENCODED + more + delimiters;
        this.optional = optional;
    }

    /** Writes as they are the characters that a client may have encoded for nothing. */
    String plain(String part) {
        var text = new StringBuilder(part.length());
        int at = 0;
        while (at < part.length()) {
            boolean isPlain = isOptionalAt(part, at);
            text.append(isPlain ? (char) PercentEncoding.octet(part, at) : part.charAt(at));
            at += isPlain ? PercentEncoding.LENGTH : 1;
        }
        return text.toString();
    }

    private boolean isOptionalAt(String part, int at) {
        return PercentEncoding.isAt(part, at)
                && isUpper(part.charAt(at + 1))
                && isUpper(part.charAt(at + 2))
                && optional.indexOf(PercentEncoding.octet(part, at)) >= 0;
    }

    /** Tells whether nothing else than {@code part} could be written for what it means. */
    boolean spell(String part) {
        int at = 0;
        while (at < part.length()) {
            boolean isEncoded = part.charAt(at) == '%';
            if (isEncoded ? !isNeeded(part, at) : raw.indexOf(part.charAt(at)) < 0) {
                return false;
            }
            at += isEncoded ? PercentEncoding.LENGTH : 1;
        }
        return part.indexOf('%') < 0 || isText(part);
    }

    private boolean isNeeded(String part, int at) {
        return PercentEncoding.isAt(part, at)
                && isUpper(part.charAt(at + 1))
                && isUpper(part.charAt(at + 2))
                && unencoded.indexOf(PercentEncoding.octet(part, at)) < 0
                && !isEncodedAgain(part, at);
    }

    private static boolean isUpper(char hexDigit) {
        return hexDigit < 'a';
    }

    /** In {@code %2541}: read once more, it would be a letter. */
    private static boolean isEncodedAgain(String part, int at) {
        return PercentEncoding.octet(part, at) == '%'
                && PercentEncoding.hasDigits(part, at + PercentEncoding.LENGTH);
    }

    /** A character has one form only if it is composed, and lower case where case is nothing. */
    private boolean isText(String part) {
        return PercentEncoding.decodedStrictly(part)
                .filter(PlainText::isVisible)
                .filter(text -> Normalizer.isNormalized(text, Normalizer.Form.NFC))
                .filter(text -> this != HOST || text.codePoints().allMatch(UriCharacters::isLower))
                .isPresent();
    }

    private static boolean isLower(int character) {
        return Character.toLowerCase(character) == character;
    }
}
