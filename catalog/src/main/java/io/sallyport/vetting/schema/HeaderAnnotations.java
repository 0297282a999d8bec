package io.sallyport.vetting.schema;

import io.sallyport.catalog.Applicators;
import io.sallyport.catalog.JsonPointers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Checks the {@code x-mcp-header} annotations of an input schema (MCP 2026-07-28, Streamable HTTP,
 * custom headers from tool parameters): the name is a field-name token of RFC 9110, no two are
 * equal but for case, the parameter is a primitive that {@code properties} alone lead to. {@code
 * number} is accepted beside the specified types because the published conformance suite annotates
 * one.
 */
public final class HeaderAnnotations {
    private static final String KEYWORD = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
    private static final Set<String> PRIMITIVES = Set.of("string", "integer", "boolean", "number");

    private final Set<String> taken = new HashSet<>();
    private Optional<String> fault = Optional.empty();

    private HeaderAnnotations() {}

    /**
     * Returns a JSON pointer to the first annotation that breaks a rule. The schema must have been
     * compiled before, which bounds it.
     */
    public static Optional<String> firstInvalid(JsonNode inputSchema) {
        var annotations = new HeaderAnnotations();
        annotations.visit("", inputSchema, false, true);
        return annotations.fault;
    }

    private void visit(String pointer, JsonNode schema, boolean isParameter, boolean reachable) {
        var name = schema.path(KEYWORD);
        boolean isAbsent = name.isMissingNode() || name.isNull();
        if (!isAbsent && !(isParameter && reachable && isValid(name, schema))) {
            fault = fault.or(() -> Optional.of(JsonPointers.append(pointer, KEYWORD)));
        }
        var properties = pointer + "/properties/";
        Applicators.visit(
                pointer,
                schema,
                held ->
                        visit(
                                held.pointer(),
                                held.schema(),
                                true,
                                reachable && held.pointer().startsWith(properties)));
    }

    private boolean isValid(JsonNode name, JsonNode schema) {
        var text = name.stringValue("");
        return TOKEN.matcher(text).matches()
                && taken.add(text.toLowerCase(Locale.ROOT))
                && PRIMITIVES.contains(schema.path("type").stringValue(""));
    }
}
