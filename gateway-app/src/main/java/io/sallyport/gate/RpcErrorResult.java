package io.sallyport.gate;

import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.policy.ServerSlug;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a JSON-RPC error becomes with which a server answered a {@code tools/call}: a result with
 * {@code isError}, the server's words in its text, the code in {@code _meta}. What a server wants a
 * person to open (MCP 2025-11-25, URLElicitationRequiredError) is named in the text, and is no
 * elicitation of ours.
 */
final class RpcErrorResult {
    private static final String CODE = "io.sallyport/rpc_error";
    private static final int URL_ELICITATION_REQUIRED = -32042;

    /** More than one server needs at once; a text of more is not read. */
    private static final int MOST_ADDRESSES = 3;

    private RpcErrorResult() {}

    static ObjectNode of(ServerSlug server, UpstreamReply.RpcError error, PeerText words) {
        var result = JsonNodeFactory.instance.objectNode().put("isError", true);
        var text = said(error, words) + wanted(server, error, words);
        result.putArray("content").addObject().put("type", "text").put("text", text);
        result.putObject("_meta").putObject(CODE).put("code", error.code());
        return result;
    }

    private static String said(UpstreamReply.RpcError error, PeerText words) {
        var said = words.render(error.message());
        return said.isEmpty() ? "The server answered with the error " + error.code() + "." : said;
    }

    private static String wanted(ServerSlug server, UpstreamReply.RpcError error, PeerText words) {
        if (error.code() != URL_ELICITATION_REQUIRED || error.data().isEmpty()) {
            return "";
        }
        return error.data()
                .get()
                .path("elicitations")
                .valueStream()
                .limit(MOST_ADDRESSES)
                .flatMap(it -> words.address(it.path("url").stringValue("")).stream())
                .map(it -> "\nThe server " + server.value() + " asks to open " + it + " .")
                .collect(Collectors.joining());
    }
}
