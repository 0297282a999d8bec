package io.sallyport.gate;

import io.sallyport.policy.ResourceUri;
import io.sallyport.tenant.TemplateWork;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server suggests for a resource template, as far as the caller could read it: a suggestion
 * names resources, so one that leads to none that policy lets the caller have is left out.
 */
final class CompletionValues {
    /** An expression of RFC 6570: its operator and its variables. */
    private static final Pattern EXPRESSION = Pattern.compile("\\{([+#./;?&]?)([^{}]*)\\}");

    /** MCP, completion/complete: "Maximum 100 items per response". */
    private static final int MOST = 100;

    /** Stands for a variable that nobody has chosen yet. */
    private static final String ANY = "x";

    private CompletionValues() {}

    /** The result without the suggestions that the caller could not read. */
    static JsonNode permitted(AdmittedCall call, JsonNode result) {
        return switch (call.call()) {
            case ArgumentCompletion(
                            ArgumentCompletion.Reference.Template(var template),
                            var asked) -> {
                var work = new TemplateWork();
                yield permitted(template, asked, result, uri -> isReadable(call, uri, work));
            }
            case ArgumentCompletion(ArgumentCompletion.Reference.Prompt _, _) -> result;
            case ToolCall _, ResourceRead _, PromptGet _, ResourceSubscription _ -> result;
        };
    }

    private static boolean isReadable(AdmittedCall call, String uri, TemplateWork work) {
        return call.view()
                .resource(call.context().principal(), call.server().slug(), uri, work)
                .isPresent();
    }

    /**
     * How many there are in all is left out too, once one is: the number would tell of it. What is
     * beyond the hundred that the revision allows is not even looked at.
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
                .forEach(it -> variables.put(it.getKey(), chosen(it.getValue())));
        var name = asked.at("/argument/name").asString("");
        var values = suggested.path("values");
        var kept =
                values.valueStream()
                        .limit(MOST)
                        .filter(it ->
                                it.isString() && it.asString().length() <= ResourceUri.MAX_LENGTH)
                        .filter(it -> {
                            variables.put(name, it.asString());
                            return readable.test(expand(template, variables));
                        })
                        .toList();
        return kept.size() == values.size()
                ? result
                : showing(kept, values.size() > MOST, suggested, result);
    }

    /** One that is longer than any URI stays so. */
    private static String chosen(JsonNode value) {
        var text = value.asString("");
        return text.substring(0, Math.min(text.length(), ResourceUri.MAX_LENGTH + 1));
    }

    private static JsonNode showing(
            List<JsonNode> kept, boolean hasMore, ObjectNode suggested, JsonNode result) {
        var shown = JsonNodeFactory.instance.objectNode();
        suggested.properties().forEach(it -> shown.set(it.getKey(), it.getValue()));
        shown.putArray("values").addAll(kept);
        shown.remove("total");
        if (hasMore) {
            shown.put("hasMore", true);
        }
        var copy = JsonNodeFactory.instance.objectNode();
        result.properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
        copy.set("completion", shown);
        return copy;
    }

    /**
     * The template with these variables; what is optional in it and has none is left out. Not all
     * of it, if it is longer than any URI that could be read.
     */
    static String expand(String template, Map<String, String> variables) {
        var expressions = EXPRESSION.matcher(template);
        var expanded = new StringBuilder();
        while (expressions.find() && expanded.length() <= ResourceUri.MAX_LENGTH) {
            expressions.appendReplacement(expanded, "");
            append(expanded, expressions.group(1), expressions.group(2), variables);
        }
        return expressions.appendTail(expanded).toString();
    }

    private static void append(
            StringBuilder expanded, String operator, String list, Map<String, String> variables) {
        var separator = "";
        for (var variable : list.split(",", -1)) {
            if (expanded.length() > ResourceUri.MAX_LENGTH) {
                return;
            }
            var name = variable.replaceFirst("(\\*|:\\d+)$", "");
            var value = variables.get(name);
            switch (operator) {
                case "", "+" -> {
                    var any = value == null ? ANY : value;
                    expanded.append(separator)
                            .append(operator.isEmpty() ? encoded(any) : reserved(any));
                    separator = ",";
                }
                default -> expanded.append(value == null ? "" : optional(operator, name, value));
            }
        }
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
