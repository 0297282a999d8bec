package io.sallyport.samples.hosting;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP request as it arrived.
 *
 * @param httpMethod {@code POST}, {@code GET} or {@code DELETE}
 * @param headers by lower-case name
 * @param body as UTF-8 text; empty if there was none
 * @param rpcMethod the JSON-RPC method, or empty if the body is not a JSON-RPC request
 * @param tool the tool that a {@code tools/call} names, else empty
 */
public record ReceivedRequest(
        String httpMethod,
        Map<String, List<String>> headers,
        String body,
        String rpcMethod,
        String tool) {

    public ReceivedRequest {
        headers = Map.copyOf(headers);
    }

    /** The values of header {@code name}, in any case; empty if it was not sent. */
    public List<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    boolean isToolCall() {
        return rpcMethod.equals("tools/call");
    }
}
