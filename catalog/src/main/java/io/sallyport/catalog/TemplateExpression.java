package io.sallyport.catalog;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a URI template as a regular expression over the URIs that it can produce. */
final class TemplateExpression {
    /** As for the URIs themselves. */
    private static final int MAX_LENGTH = 2_048;

    /** Published templates have three; each makes every match dearer. */
    private static final int MAX_VARIABLES = 32;

    private static final Pattern VARIABLE =
            Pattern.compile("[A-Za-z0-9_%]+(\\.[A-Za-z0-9_%]+)*(\\*|:[1-9][0-9]{0,3})?");

    private static final String OPERATORS = "+#./;?&";

    private final StringBuilder expression = new StringBuilder();
    private int variables;

    private TemplateExpression() {}

    /** Returns the expression, or empty if {@code template} is not one of RFC 6570. */
    static Optional<String> translate(String template) {
        var translation = new TemplateExpression();
        return template.length() <= MAX_LENGTH && translation.read(template)
                ? Optional.of(translation.expression.toString())
                : Optional.empty();
    }

    private boolean read(String template) {
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0
                    || !literal(template.substring(from, open))
                    || !variables(template.substring(open + 1, close))) {
                return false;
            }
            from = close + 1;
        }
        return literal(template.substring(from));
    }

    private boolean literal(String text) {
        expression.append(Pattern.quote(text));
        return text.indexOf('}') < 0;
    }

    private boolean variables(String braced) {
        boolean hasOperator = !braced.isEmpty() && OPERATORS.indexOf(braced.charAt(0)) >= 0;
        var names = (hasOperator ? braced.substring(1) : braced).split(",", -1);
        variables += names.length;
        if (variables > MAX_VARIABLES || !Arrays.stream(names).allMatch(VARIABLE::matches)) {
            return false;
        }
        expression.append(hasOperator ? operator(braced.charAt(0), names) : "[^/?#]+");
        return true;
    }

    private static String operator(char operator, String[] names) {
        boolean explodes = Arrays.stream(names).anyMatch(name -> name.endsWith("*"));
        return switch (operator) {
            case '+' -> ".+";
            case '#' -> "(?:#.*)?";
            case '/' -> "(?:/[^/?#]*)" + (explodes ? "*" : "{0," + names.length + "}");
            case '?' -> "(?:\\?" + pair(names, explodes) + "(?:&" + pair(names, explodes) + ")*)?";
            case '&' -> "(?:&" + pair(names, explodes) + ")*";
            default -> "(?:" + Pattern.quote(String.valueOf(operator)) + "[^/?#]*)?";
        };
    }

    /** An exploded variable may be a map, whose names are not known. */
    private static String pair(String[] names, boolean explodes) {
        var name =
                explodes
                        ? "[^=&#]*"
                        : Arrays.stream(names)
                                .map(it -> Pattern.quote(it.replaceFirst(":.*", "")))
                                .collect(Collectors.joining("|", "(?:", ")"));
        return name + "(?:=[^&#]*)?";
    }
}
