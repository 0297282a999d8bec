package io.sallyport.gate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server suggests for a resource template, as far as the caller could read it: a suggestion
 * names resources, so one that leads to none that policy lets the caller have is left out.
 */
final class CompletionValues {
    /** An expression of RFC 6570: its operator and its variables. */
    private static final Pattern EXPRESSION = Pattern.compile("\\{([+#./;?&]?)([^{}]*)\\}");

    /** Stands for a variable that nobody has chosen yet. */
    private static final String ANY = "x";

    private CompletionValues() {}

    /** The result without the suggestions that the caller could not read. */
    static JsonNode permitted(AdmittedCall call, JsonNode result) {
        return switch (call.call()) {
            case Completion(Completion.Reference.Template(var template), var asked) ->
                    permitted(template, asked, result, uri -> isReadable(call, uri));
            case Completion(Completion.Reference.Prompt _, _) -> result;
            case ToolCall _, ResourceRead _, PromptGet _, ResourceSubscription _ -> result;
        };
    }

    private static boolean isReadable(AdmittedCall call, String uri) {
        return call.view()
                .resource(call.context().principal(), call.server().slug(), uri)
                .isPresent();
    }

    /**
     * How many there are in all is left out too, once one is: the number would tell of it.
     *
     * @param asked {@code argument} and {@code context} of the request
     */
    static JsonNode permitted(
            String template, JsonNode asked, JsonNode result, Predicate<String> readable) {
        if (!(result.path("completion") instanceof ObjectNode suggested)) {
            return result;
        }
        var variables = new HashMap<String, String>();
        asked.at("/context/arguments")
                .properties()
                .forEach(it -> variables.put(it.getKey(), it.getValue().asString("")));
        var name = asked.at("/argument/name").asString("");
        var kept =
                suggested
                        .path("values")
                        .valueStream()
                        .filter(JsonNode::isString)
                        .filter(it -> {
                            variables.put(name, it.asString());
                            return readable.test(expand(template, variables));
                        })
                        .toList();
        if (kept.size() == suggested.path("values").size()) {
            return result;
        }
        var copy = (ObjectNode) result.deepCopy();
        var shown = (ObjectNode) copy.path("completion");
        shown.putArray("values").addAll(kept);
        shown.remove("total");
        return copy;
    }

    /** The template with these variables; what is optional in it and has none is left out. */
    static String expand(String template, Map<String, String> variables) {
        return EXPRESSION
                .matcher(template)
                .replaceAll(it -> java.util.regex.Matcher.quoteReplacement(part(it, variables)));
    }

    private static String part(MatchResult expression, Map<String, String> variables) {
        var operator = expression.group(1);
        var names =
                Stream.of(expression.group(2).split(",", -1))
                        .map(it -> it.replaceFirst("(\\*|:\\d+)$", ""))
                        .toList();
        return switch (operator) {
            case "" -> joined(names, variables, ",", CompletionValues::encoded);
            case "+" -> joined(names, variables, ",", CompletionValues::reserved);
            default ->
                    names.stream()
                            .filter(variables::containsKey)
                            .map(it -> optional(operator, it, variables.getOrDefault(it, "")))
                            .collect(Collectors.joining());
        };
    }

    private interface Encoding {
        String of(String value);
    }

    private static String joined(
            java.util.List<String> names,
            Map<String, String> variables,
            String separator,
            Encoding encoding) {
        return names.stream()
                .map(it -> encoding.of(variables.getOrDefault(it, ANY)))
                .collect(Collectors.joining(separator));
    }

    private static String optional(String operator, String name, String value) {
        return switch (operator) {
            case "?", "&", ";" -> operator + name + "=" + encoded(value);
            case "#" -> operator + reserved(value);
            default -> operator + encoded(value);
        };
    }

    /** All but unreserved characters as percent escapes (RFC 3986, section 2.3). */
    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Reserved characters stay what they are. */
    private static String reserved(String value) {
        return value.codePoints()
                .mapToObj(Character::toString)
                .map(it -> ":/?#[]@!$&'()*+,;=".contains(it) ? it : encoded(it))
                .collect(Collectors.joining());
    }
}
