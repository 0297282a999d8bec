package io.sallyport.bridge;

import io.sallyport.egress.Header;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of one tool that travel as {@code Mcp-Param-*} headers too, because its schema says
 * so with {@code x-mcp-header} (MCP 2026-07-28, Streamable HTTP, custom headers from tool
 * parameters). Read once for each schema; annotations that break a rule are not seen, since the
 * catalog refuses their tools. Immutable.
 */
public final class ParamHeaders {
    private static final String KEYWORD = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
    private static final Set<String> PRIMITIVES = Set.of("string", "integer", "boolean", "number");

    /** Longer ones are nobody's integer and no number that survives JSON. */
    private static final Pattern NUMBER =
            Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?");

    private static final ParamHeaders NONE = new ParamHeaders(List.of());

    private final List<Mirrored> mirrored;

    private record Mirrored(String header, List<String> path) {
        /** The argument, missing if there is none; an explicit null is none. */
        JsonNode in(JsonNode arguments) {
            var value = arguments;
            for (var name : path) {
                value = value.path(name);
            }
            return value;
        }
    }

    private ParamHeaders(List<Mirrored> mirrored) {
        this.mirrored = List.copyOf(mirrored);
    }

    public static ParamHeaders of(JsonNode inputSchema) {
        var found = new ArrayList<Mirrored>();
        collect(inputSchema, List.of(), found);
        return found.isEmpty() ? NONE : new ParamHeaders(found);
    }

    /** What {@code properties} alone lead to. */
    private static void collect(JsonNode schema, List<String> path, List<Mirrored> found) {
        for (var property : schema.path("properties").properties()) {
            var deeper = new ArrayList<>(path);
            deeper.add(property.getKey());
            var name = property.getValue().path(KEYWORD).stringValue("");
            var type = property.getValue().path("type").stringValue("");
            if (TOKEN.matcher(name).matches() && PRIMITIVES.contains(type)) {
                found.add(new Mirrored(PREFIX + name, List.copyOf(deeper)));
            }
            collect(property.getValue(), deeper, found);
        }
    }

    public boolean isEmpty() {
        return mirrored.isEmpty();
    }

    /** The headers of a call with {@code arguments}; none for what is absent or null. */
    public List<Header> headers(JsonNode arguments) {
        return mirrored.stream().flatMap(it -> header(it, arguments).stream()).toList();
    }

    private static Optional<Header> header(Mirrored parameter, JsonNode arguments) {
        return text(parameter.in(arguments))
                .map(text -> new Header(parameter.header(), HeaderText.encode(text)));
    }

    private static Optional<String> text(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> Optional.of(value.stringValue());
            case BOOLEAN -> Optional.of(value.booleanValue() ? "true" : "false");
            case NUMBER -> Optional.of(number(value.asString()));
            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> Optional.empty();
        };
    }

    /** Integers in plain digits however they were written, everything else as it was. */
    private static String number(String written) {
        if (!NUMBER.matcher(written).matches()) {
            return written;
        }
        var value = new BigDecimal(written).stripTrailingZeros();
        return value.scale() <= 0 ? value.toPlainString() : written;
    }

    /**
     * The header that does not say what {@code arguments} say: missing, there without an argument,
     * there twice, not decodable, or of another value. Numbers are compared as numbers.
     *
     * @param headers all values of the header of a name, in any case
     */
    public Optional<String> mismatch(JsonNode arguments, Function<String, List<String>> headers) {
        return mirrored.stream()
                .filter(it -> !agrees(it.in(arguments), headers.apply(it.header())))
                .map(Mirrored::header)
                .findFirst();
    }

    private static boolean agrees(JsonNode value, List<String> sent) {
        var text = text(value);
        if (text.isEmpty() || sent.isEmpty()) {
            return text.isEmpty() && sent.isEmpty();
        }
        return sent.size() == 1
                && HeaderText.decode(sent.getFirst())
                        .filter(it ->
                                value.isNumber() ? isNumber(it, text.get()) : it.equals(text.get()))
                        .isPresent();
    }

    private static boolean isNumber(String sent, String text) {
        return sent.equals(text)
                || NUMBER.matcher(sent).matches()
                        && NUMBER.matcher(text).matches()
                        && new BigDecimal(sent).compareTo(new BigDecimal(text)) == 0;
    }
}
