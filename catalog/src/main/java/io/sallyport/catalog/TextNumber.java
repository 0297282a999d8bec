package io.sallyport.catalog;

import java.math.BigDecimal;
import tools.jackson.databind.node.DecimalNode;

/**
 * A number that keeps the text it was written with: {@code 1.10}, {@code 1E2}, {@code -0}.
 * Jackson's own nodes keep only the value. Two such numbers are equal if their texts are;
 * calculations use the value.
 */
final class TextNumber extends DecimalNode {
    private static final long serialVersionUID = 1L;

    /**
     * Longest exponent, in digits. A value of thousands of digits, written in eight bytes, would
     * cost whoever turns it into an integer; 999 is beyond every double.
     */
    private static final int MAX_EXPONENT_DIGITS = 3;

    private final String text;

    private TextNumber(String text) {
        super(new BigDecimal(text));
        this.text = text;
    }

    /**
     * @param text a number in JSON's grammar
     * @throws MalformedJson if its exponent is beyond ±999
     */
    static TextNumber of(String text) throws MalformedJson {
        if (exponentDigits(text) > MAX_EXPONENT_DIGITS) {
            throw new MalformedJson(MalformedJson.Fault.INVALID_JSON);
        }
        return new TextNumber(text);
    }

    String text() {
        return text;
    }

    @Override
    public String _asString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextNumber number && number.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static int exponentDigits(String text) {
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (mark < 0) {
            return 0;
        }
        int first = mark + 1;
        while (first < text.length() && isSignOrZero(text.charAt(first))) {
            first++;
        }
        return text.length() - first;
    }

    private static boolean isSignOrZero(char unit) {
        return unit == '0' || unit == '+' || unit == '-';
    }
}
