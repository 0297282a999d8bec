package io.sallyport.bridge;

/**
 * One HTTP header of a request. The name is a token, the value has no control characters but tab
 * and no non-ASCII (RFC 9110 section 5), so that a header can never start another one.
 */
public record Header(String name, String value) {
    public Header {
        if (name.isEmpty() || !name.chars().allMatch(Header::isTokenCharacter)) {
            throw new IllegalArgumentException("not a header name");
        }
        if (!value.chars().allMatch(Header::isValueCharacter)) {
            throw new IllegalArgumentException("not a header value");
        }
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
