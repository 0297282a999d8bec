package io.sallyport.upstream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.catalog.JsonText;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.JsonNode;

/** JSON-RPC messages as bytes. Parameters are spliced in as they are, never read or rewritten. */
public final class Frames {
    private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"result\":";
    private static final String ERROR = "{\"jsonrpc\":\"2.0\",\"error\":";

    private Frames() {}

    public static byte[] request(long id, String method, byte[] params) {
        return spliced(head(id, method), params);
    }

    private static String head(long id, String method) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":";
    }

    /**
     * The same with {@code _meta} in front of what is in {@code params}, which has none itself.
     *
     * @param meta an object
     */
    public static byte[] request(long id, String method, byte[] meta, byte[] params) {
        var head = (head(id, method) + "{\"_meta\":").getBytes(UTF_8);
        var frame = new ByteArrayOutputStream(head.length + meta.length + params.length + 2);
        frame.writeBytes(head);
        frame.writeBytes(meta);
        if (!isEmpty(params)) {
            frame.write(',');
        }
        frame.write(params, 1, params.length - 1);
        frame.write('}');
        return frame.toByteArray();
    }

    /** A {@code _meta} that asks for progress and for nothing else. */
    public static byte[] progressToken(long token) {
        return ("{\"progressToken\":" + token + "}").getBytes(UTF_8);
    }

    private static boolean isEmpty(byte[] object) {
        int first = 1;
        while (object[first] == ' '
                || object[first] == '\t'
                || object[first] == '\n'
                || object[first] == '\r') {
            first++;
        }
        return object[first] == '}';
    }

    public static byte[] notification(String method, String params) {
        var head = "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":";
        return spliced(head, params.getBytes(UTF_8));
    }

    /** The answer to a ping. */
    public static byte[] emptyResult(JsonNode id) {
        return spliced(RESULT + "{},\"id\":", JsonText.write(id));
    }

    public static byte[] result(JsonNode id, JsonNode result) {
        return spliced(RESULT + JsonText.text(result) + ",\"id\":", JsonText.write(id));
    }

    public static byte[] error(JsonNode id, JsonNode error) {
        return spliced(ERROR + JsonText.text(error) + ",\"id\":", JsonText.write(id));
    }

    /**
     * @param message plain text that needs no escape
     */
    public static byte[] error(JsonNode id, int code, String message) {
        var error = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
        return spliced(ERROR + error + ",\"id\":", JsonText.write(id));
    }

    private static byte[] spliced(String head, byte[] tail) {
        var start = head.getBytes(UTF_8);
        var frame = new byte[start.length + tail.length + 1];
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(tail, 0, frame, start.length, tail.length);
        frame[frame.length - 1] = '}';
        return frame;
    }
}
