package io.sallyport.mcp;

import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The headers of a request that mean something to MCP. Names match in any case; white space around
 * a value is no part of it (RFC 9110, section 5.5).
 */
record McpHeaders(HttpHeaders all) {
    static final String SESSION = "Mcp-Session-Id";
    static final String VERSION = "MCP-Protocol-Version";
    static final String METHOD = "Mcp-Method";
    static final String NAME = "Mcp-Name";

    /** Every value that was sent under a name: more than one is ambiguous. */
    List<String> values(String name) {
        var values = all.get(name);
        return values == null ? List.of() : values.stream().map(String::strip).toList();
    }

    Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }

    /** Whether the client said in so many words that it reads event streams. */
    boolean acceptsStream() {
        try {
            return all.getAccept().stream()
                    .filter(it -> !it.isWildcardType())
                    .anyMatch(it -> it.includes(MediaType.TEXT_EVENT_STREAM));
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }
}
