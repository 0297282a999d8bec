package io.sallyport.bridge.wire;

import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One JSON-RPC 2.0 message from a server, read strictly: what is not plainly one of these fails.
 */
public sealed interface RpcMessage {
    /** An answer to the request of that id. */
    record Response(long id, UpstreamReply reply) implements RpcMessage {}

    /**
     * The server asks us.
     *
     * @param id a string or a number, echoed as it is
     * @param params missing if there are none
     */
    record ServerRequest(JsonNode id, String method, JsonNode params) implements RpcMessage {}

    /**
     * The server tells us.
     *
     * @param params missing if there are none
     */
    record Notification(String method, JsonNode params) implements RpcMessage {}

    Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    /**
     * @throws UpstreamFault if it is none
     */
    static RpcMessage read(byte[] utf8) {
        try {
            var tree = StrictJson.read(utf8);
            if (!tree.isObject() || !isText(tree.path("jsonrpc"), "2.0")) {
                throw malformed();
            }
            return tree.has("method") ? incoming(tree) : response(tree, utf8.length);
        } catch (MalformedJson _) {
            throw new UpstreamFault(UpstreamFailure.NOT_JSON, true);
        }
    }

    /** The error in the body of a refused request, whatever id it names; empty if there is none. */
    static Optional<UpstreamReply> refusal(byte[] utf8) {
        try {
            var tree = StrictJson.read(utf8);
            return tree.path("error").isObject()
                    ? Optional.of(error(tree.path("error")))
                    : Optional.empty();
        } catch (MalformedJson | UpstreamFault _) {
            return Optional.empty();
        }
    }

    private static RpcMessage incoming(JsonNode tree) {
        var method = tree.path("method");
        var id = tree.path("id");
        if (!method.isString() || !(id.isMissingNode() || id.isString() || id.isNumber())) {
            throw malformed();
        }
        var params = tree.path("params");
        return id.isMissingNode()
                ? new Notification(method.stringValue(), params)
                : new ServerRequest(id, method.stringValue(), params);
    }

    private static Response response(JsonNode tree, int size) {
        if (tree.has("result") == tree.has("error")) {
            throw malformed();
        }
        long id = integer(tree.path("id"));
        return new Response(id, tree.has("error") ? error(tree.path("error")) : result(tree, size));
    }

    private static UpstreamReply result(JsonNode tree, int size) {
        var result = tree.path("result");
        if (!result.isObject()) {
            throw malformed();
        }
        return new UpstreamReply.Result(result, size);
    }

    private static UpstreamReply error(JsonNode error) {
        var message = error.path("message");
        long code = integer(error.path("code"));
        if (!message.isString() || code != (int) code) {
            throw malformed();
        }
        return new UpstreamReply.RpcError(
                (int) code, message.stringValue(), Optional.ofNullable(error.get("data")));
    }

    private static long integer(JsonNode node) {
        var text = node.isNumber() ? node.asString() : "";
        if (!INTEGER.matcher(text).matches()) {
            throw malformed();
        }
        return Long.parseLong(text);
    }

    private static boolean isText(JsonNode node, String text) {
        return node.isString() && node.stringValue().equals(text);
    }

    private static UpstreamFault malformed() {
        return new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
