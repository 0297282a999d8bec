package io.sallyport.mcp;

import io.sallyport.bridge.HeaderText;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a request of the 2026 revision must say of itself before it means anything: its version, and
 * headers that repeat its body (MCP 2026-07-28, Streamable HTTP, server validation).
 */
final class ModernRules {
    static final String VERSION = "2026-07-28";
    static final String META = "io.modelcontextprotocol/";
    static final String PROTOCOL = META + "protocolVersion";
    static final String CAPABILITIES = META + "clientCapabilities";

    private static final String FIRST_OF_THE_ERA = "2026";

    private ModernRules() {}

    /** Whether a message belongs to this revision or a later one, and not to a session. */
    static boolean apply(RpcMessage message, McpHeaders headers) {
        return meta(message.params()).has(PROTOCOL) || areNamed(headers);
    }

    /** Whether the headers alone say so. */
    static boolean areNamed(McpHeaders headers) {
        return headers.values(McpHeaders.VERSION).stream().anyMatch(ModernRules::isOfTheEra);
    }

    private static boolean isOfTheEra(String version) {
        return version.length() >= 4
                && Character.isDigit(version.charAt(0))
                && version.compareTo(FIRST_OF_THE_ERA) >= 0;
    }

    static JsonNode meta(JsonNode params) {
        return params.path("_meta");
    }

    /** A version that the header and the body do not agree on, or that is not spoken here. */
    static Optional<RpcFault> versionFault(RpcMessage message, McpHeaders headers) {
        var named = headers.values(McpHeaders.VERSION);
        var claimed = meta(message.params()).path(PROTOCOL);
        if (named.size() != 1) {
            return Optional.of(
                    RpcFault.mismatch("exactly one MCP-Protocol-Version header is required"));
        }
        if (!claimed.isMissingNode() && !named.getFirst().equals(claimed.asString(""))) {
            return Optional.of(
                    RpcFault.mismatch("MCP-Protocol-Version does not match the request's _meta"));
        }
        return named.getFirst().equals(VERSION)
                ? Optional.empty()
                : Optional.of(unsupported(named.getFirst()));
    }

    private static RpcFault unsupported(String requested) {
        var more = JsonNodeFactory.instance.objectNode();
        more.putArray("supported").add(VERSION);
        more.put("requested", requested);
        return RpcFault.of(400, RpcFault.UNSUPPORTED_VERSION, "Unsupported protocol version")
                .with(more);
    }

    /** {@code Mcp-Method} that says something else than the body. */
    static Optional<RpcFault> methodFault(String method, McpHeaders headers) {
        return headers.values(McpHeaders.METHOD).stream().allMatch(method::equals)
                ? Optional.empty()
                : Optional.of(RpcFault.mismatch("Mcp-Method does not match the request's method"));
    }

    /** {@code Mcp-Method} that is missing or ambiguous, or an {@code Mcp-Name} that is wrong. */
    static Optional<RpcFault> headerFault(RpcMessage.Request request, McpHeaders headers) {
        if (headers.values(McpHeaders.METHOD).size() != 1) {
            return Optional.of(RpcFault.mismatch("exactly one Mcp-Method header is required"));
        }
        return subject(request).flatMap(it -> nameFault(it, headers));
    }

    /** What a request is about, for methods that are about something. */
    private static Optional<JsonNode> subject(RpcMessage.Request request) {
        return switch (request.method()) {
            case "tools/call", "prompts/get" -> Optional.of(request.params().path("name"));
            case "resources/read" -> Optional.of(request.params().path("uri"));
            default -> Optional.empty();
        };
    }

    private static Optional<RpcFault> nameFault(JsonNode subject, McpHeaders headers) {
        var names = headers.values(McpHeaders.NAME);
        if (names.size() != 1) {
            return subject.isMissingNode() && names.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RpcFault.mismatch("exactly one Mcp-Name header is required"));
        }
        return HeaderText.decode(names.getFirst())
                        .filter(it -> subject.isString() && it.equals(subject.asString()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(RpcFault.mismatch("Mcp-Name does not match the request"));
    }

    /** A {@code _meta} that lacks what every request must bring along. */
    static Optional<RpcFault> metaFault(RpcMessage.Request request) {
        var meta = meta(request.params());
        if (!meta.path(PROTOCOL).isString()) {
            return Optional.of(missing(PROTOCOL));
        }
        return meta.path(CAPABILITIES).isObject()
                ? Optional.empty()
                : Optional.of(missing(CAPABILITIES));
    }

    private static RpcFault missing(String member) {
        return RpcFault.of(
                400,
                RpcFault.INVALID_PARAMS,
                "Invalid params: _meta[\"" + member + "\"] is required");
    }

    /** Methods that this revision has, whether or not an endpoint offers them. */
    static boolean isMethod(String method) {
        return METHODS.contains(method);
    }

    private static final Set<String> METHODS =
            Set.of(
                    "server/discover",
                    "tools/list",
                    "tools/call",
                    "resources/list",
                    "resources/templates/list",
                    "resources/read",
                    "prompts/list",
                    "prompts/get",
                    "completion/complete",
                    "subscriptions/listen");
}
