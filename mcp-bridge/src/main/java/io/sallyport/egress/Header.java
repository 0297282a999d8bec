package io.sallyport.egress;

/**
 * One HTTP header of a request. The name is a token, the value has no control characters but tab
 * and no non-ASCII (RFC 9110 section 5), so that a header can never start another one.
 */
public record Header(String name, String value) {
    public Header {
        if (!isToken(name)) {
            throw new IllegalArgumentException("not a header name");
        }
        if (!isValue(value)) {
            throw new IllegalArgumentException("not a header value");
        }
    }

    private static boolean isToken(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!isTokenCharacter(text.charAt(at))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isValue(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!isValueCharacter(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(int c) {
        return c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean isValueCharacter(int c) {
        return c == '\t' || (c >= 0x20 && c < 0x7f);
    }

    /** The name only: values are often credentials. */
    @Override
    public String toString() {
        return name;
    }
}
