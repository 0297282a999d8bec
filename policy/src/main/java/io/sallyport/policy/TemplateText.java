package io.sallyport.policy;

/** The text of a URI template (RFC 6570). */
final class TemplateText {
    private TemplateText() {}

    /** Returns a URI that could come from {@code template}: each variable is an x, or absent. */
    static String example(String template) {
        var example = new StringBuilder();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            example.append(template, from, open);
            example.append(value(template.charAt(open + 1), example));
            from = close + 1;
        }
        return example.append(template, from, template.length()).toString();
    }

    private static String value(char operator, CharSequence before) {
        return switch (operator) {
            case '?', '&', '#' -> "";
            case '/' -> "/x";
            case '+' -> mayBeginSegment(before) ? "x" : "/x";
            case '.', ';' -> operator + "x";
            default -> "x";
        };
    }

    private static boolean mayBeginSegment(CharSequence before) {
        return before.isEmpty() || "/:=".indexOf(before.charAt(before.length() - 1)) >= 0;
    }
}
