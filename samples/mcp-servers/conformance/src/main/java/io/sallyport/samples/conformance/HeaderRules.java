package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Exchange;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The headers of the modern era must say what the body says. */
final class HeaderRules {

    private static final int HEADER_MISMATCH = -32020;

    private static final Map<String, String> NAMED_BY =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private static final String ANNOTATION = "x-mcp-header";

    private final JsonNode tools;

    HeaderRules(JsonNode tools) {
        this.tools = tools;
    }

    static Refusal mismatch(String header) {
        return Refusal.of(400, HEADER_MISMATCH, header + " does not say what the body says.");
    }

    Optional<Refusal> broken(ModernRequest request) {
        if (!isSame(request.exchange(), "Mcp-Method", request.method())) {
            return Optional.of(mismatch("Mcp-Method"));
        }
        return Optional.ofNullable(NAMED_BY.get(request.method()))
                .map(member -> request.params().path(member).asString(""))
                .filter(name -> !isSame(request.exchange(), "Mcp-Name", name))
                .map(name -> mismatch("Mcp-Name"))
                .or(() -> brokenParameter(request));
    }

    private Optional<Refusal> brokenParameter(ModernRequest request) {
        if (!request.method().equals("tools/call")) {
            return Optional.empty();
        }
        return parameters(request.params().path("name").asString(""))
                .propertyStream()
                .filter(parameter -> parameter.getValue().has(ANNOTATION))
                .filter(parameter -> !isSame(request, parameter.getKey(), parameter.getValue()))
                .map(parameter -> mismatch(header(parameter.getValue())))
                .findFirst();
    }

    private JsonNode parameters(String tool) {
        return tools.valueStream()
                .filter(listed -> listed.path("name").asString().equals(tool))
                .map(listed -> listed.path("inputSchema").path("properties"))
                .findFirst()
                .orElseGet(() -> tools.path("none"));
    }

    private static boolean isSame(ModernRequest request, String parameter, JsonNode schema) {
        var argument = request.params().path("arguments").optional(parameter);
        var header = header(schema);
        return argument.isPresent()
                ? isSame(request.exchange(), header, argument.get().asString())
                : request.exchange().header(header).isEmpty();
    }

    private static boolean isSame(Exchange exchange, String header, String value) {
        return exchange.header(header)
                .flatMap(HeaderValue::decoded)
                .filter(value::equals)
                .isPresent();
    }

    private static String header(JsonNode schema) {
        return "Mcp-Param-" + schema.path(ANNOTATION).asString();
    }
}
