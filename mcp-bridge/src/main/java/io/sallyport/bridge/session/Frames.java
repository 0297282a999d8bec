package io.sallyport.bridge.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.catalog.JsonText;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** JSON-RPC messages as bytes. Parameters are spliced in as they are, never read or rewritten. */
final class Frames {
    static final int METHOD_NOT_FOUND = -32_601;

    private static final byte[] END = {'}'};

    private Frames() {}

    static byte[] request(long id, String method, byte[] params) {
        var head =
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":";
        return spliced(head, params);
    }

    static byte[] notification(String method, String params) {
        var head = "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":";
        return spliced(head, params.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer to a ping. */
    static byte[] emptyResult(JsonNode id) {
        return spliced("{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":", JsonText.write(id));
    }

    static byte[] methodNotFound(JsonNode id) {
        var error = "{\"code\":" + METHOD_NOT_FOUND + ",\"message\":\"Method not found\"}";
        return spliced("{\"jsonrpc\":\"2.0\",\"error\":" + error + ",\"id\":", JsonText.write(id));
    }

    private static byte[] spliced(String head, byte[] tail) {
        var start = head.getBytes(UTF_8);
        var frame = new byte[start.length + tail.length + END.length];
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(tail, 0, frame, start.length, tail.length);
        frame[frame.length - 1] = END[0];
        return frame;
    }
}
