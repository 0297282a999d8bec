package io.sallyport.bridge;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One MCP request to an upstream.
 *
 * @param method for example {@code tools/call}
 * @param params the JSON object that is sent, byte for byte, apart from a {@code _meta} that the
 *     bridge puts in front where the protocol asks for one. Not copied: do not change it
 * @param timeout for everything, opening a session included
 * @param maxBytes longest answer that is read, notifications and comments of its stream included
 */
public record UpstreamRequest(
        String method, byte[] params, Envelope envelope, Duration timeout, long maxBytes) {
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9_/.$-]{1,128}");

    /** What servers answer without doing anything, by the text of MCP. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "initialize",
                    "server/discover",
                    "ping",
                    "tools/list",
                    "prompts/list",
                    "resources/list",
                    "resources/templates/list");

    public UpstreamRequest {
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("not a method name");
        }
        if (params.length < 2 || params[0] != '{' || params[params.length - 1] != '}') {
            throw new IllegalArgumentException("params are not one object");
        }
    }

    /** Whether it may be sent again; nothing else ever is, whatever the server answered. */
    public boolean hasNoEffect() {
        return WITHOUT_EFFECT.contains(method);
    }

    /** Without what is sent. */
    @Override
    public String toString() {
        return "UpstreamRequest[" + method + ", " + params.length + " bytes]";
    }
}
