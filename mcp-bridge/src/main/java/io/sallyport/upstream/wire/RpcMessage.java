package io.sallyport.upstream.wire;

import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON-RPC 2.0 message from a server. Read strictly, but for what honest servers do: a member
 * that is null is absent, a byte order mark says nothing, an id may come back as {@code "7"} or
 * {@code 7.0}, an answer may leave {@code jsonrpc} out or have an empty {@code method}, and
 * characters that are none are U+FFFD.
 */
public sealed interface RpcMessage {
    /**
     * An answer to the request of that id. What names the id and is no answer has failed: the
     * request was sent.
     */
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

    /**
     * Nothing that concerns anybody here: no JSON, no message, or an answer to nothing we asked.
     *
     * @param failure of a request whose whole answer this is
     */
    record Foreign(UpstreamFailure failure) implements RpcMessage {}

    /** An id of ours as a text; a number may say that it has no fraction. */
    Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    Pattern NO_FRACTION = Pattern.compile("\\.0+\\z");

    /**
     * The members that MCP gives a result, and that mean nothing if they are null. The structured
     * content of a tool is any JSON, null too.
     */
    List<String> OF_RESULTS =
            List.of(
                    "_meta",
                    "cacheScope",
                    "capabilities",
                    "completion",
                    "content",
                    "contents",
                    "description",
                    "inputRequests",
                    "instructions",
                    "isError",
                    "messages",
                    "nextCursor",
                    "requestState",
                    "resultType",
                    "ttlMs");

    /** Messages that may come as one list. */
    int MOST_IN_BATCH = 20;

    /** All that an answer may have that does not say that it is JSON-RPC 2.0. */
    Set<String> OF_ANSWERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");

    static RpcMessage read(byte[] bytes) {
        return read(bytes, false);
    }

    /**
     * @param mended whether U+FFFD stands in it for bytes that came and were no UTF-8
     */
    static RpcMessage read(byte[] bytes, boolean mended) {
        return each(bytes, mended, false).getFirst();
    }

    /**
     * What came at once: one message, or those of a list where lists of messages may come. A list
     * of none, or of more than {@link #MOST_IN_BATCH}, is nobody's.
     */
    static List<RpcMessage> each(byte[] bytes, boolean mended, boolean mayBeBatch) {
        try {
            var json = StrictJson.mending(unmarked(bytes));
            var isMended = mended || json.mended();
            return (mayBeBatch && isBatch(json.tree())
                            ? json.tree().valueStream()
                            : Stream.of(json.tree()))
                    .map(it -> message(it, bytes.length, isMended))
                    .toList();
        } catch (MalformedJson _) {
            return List.of(new Foreign(UpstreamFailure.NOT_JSON));
        }
    }

    private static boolean isBatch(JsonNode tree) {
        return tree.isArray() && !tree.isEmpty() && tree.size() <= MOST_IN_BATCH;
    }

    /** The error in the body of a refused request, whatever id it names; empty if there is none. */
    static Optional<UpstreamReply> refusal(byte[] bytes) {
        try {
            var tree = StrictJson.mending(unmarked(bytes)).tree();
            return tree.path("error").isObject() ? error(tree.path("error")) : Optional.empty();
        } catch (MalformedJson _) {
            return Optional.empty();
        }
    }

    /** Without the byte order mark that some libraries write. */
    private static byte[] unmarked(byte[] bytes) {
        boolean isMarked =
                bytes.length >= 3
                        && bytes[0] == (byte) 0xef
                        && bytes[1] == (byte) 0xbb
                        && bytes[2] == (byte) 0xbf;
        return isMarked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
    }

    private static RpcMessage message(JsonNode json, int size, boolean mended) {
        return json instanceof ObjectNode tree ? message(tree, size, mended) : foreign();
    }

    /** What names an id and has an answer is one, or fails it, whatever else it is called. */
    private static RpcMessage message(ObjectNode tree, int size, boolean mended) {
        var id = id(tree.path("id"));
        var isAnswer = id.isPresent() && hasAnswer(tree);
        var isVersioned = isText(tree.path("jsonrpc"), "2.0");
        if (!isVersioned && !(isAnswer && mayLackVersion(tree))) {
            return foreign();
        }
        var method = member(tree, "method");
        if (!method.isMissingNode() && !isAnswer) {
            return incoming(tree, method);
        }
        var isPlain =
                (isVersioned || !tree.has("jsonrpc"))
                        && (method.isMissingNode() || isText(method, ""));
        return id.isPresent()
                ? new Response(id.getAsLong(), isPlain ? reply(tree, size, mended) : no())
                : foreign();
    }

    private static boolean hasAnswer(ObjectNode tree) {
        return !member(tree, "result").isMissingNode() || !member(tree, "error").isMissingNode();
    }

    /** Another version is another protocol, and a line of a log has more to say: logs are JSON. */
    private static boolean mayLackVersion(ObjectNode tree) {
        return !tree.path("jsonrpc").isString() && OF_ANSWERS.containsAll(tree.propertyNames());
    }

    private static JsonNode member(JsonNode tree, String name) {
        var member = tree.path(name);
        return member.isNull() ? MissingNode.getInstance() : member;
    }

    private static RpcMessage incoming(ObjectNode tree, JsonNode method) {
        var id = member(tree, "id");
        if (!method.isString() || !(id.isMissingNode() || id.isString() || id.isNumber())) {
            return foreign();
        }
        var params = member(tree, "params");
        return id.isMissingNode()
                ? new Notification(method.stringValue(), params)
                : new ServerRequest(id, method.stringValue(), params);
    }

    /** An id or a progress token of ours, as it came back; empty if it can be none. */
    static OptionalLong id(JsonNode id) {
        return id.isString() ? integer(id.stringValue()) : integer(id);
    }

    private static UpstreamReply reply(ObjectNode tree, int size, boolean mended) {
        var result = member(tree, "result");
        var error = member(tree, "error");
        if (result.isMissingNode()) {
            return error(error).orElseGet(RpcMessage::no);
        }
        if (!error.isMissingNode() || !(result instanceof ObjectNode object)) {
            return no();
        }
        OF_RESULTS.stream().filter(it -> object.path(it).isNull()).forEach(object::remove);
        return new UpstreamReply.Result(object, size, mended);
    }

    private static Optional<UpstreamReply> error(JsonNode error) {
        var message = member(error, "message");
        var code = code(error.path("code"));
        if (code.isEmpty() || !(message.isString() || message.isMissingNode())) {
            return Optional.empty();
        }
        return Optional.of(
                new UpstreamReply.RpcError(
                        code.getAsInt(),
                        message.stringValue(""),
                        Optional.of(member(error, "data")).filter(it -> !it.isMissingNode())));
    }

    private static OptionalInt code(JsonNode code) {
        var number = integer(code);
        return number.isPresent() && number.getAsLong() == (int) number.getAsLong()
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }

    private static OptionalLong integer(JsonNode node) {
        return node.isNumber()
                ? integer(NO_FRACTION.matcher(node.asString()).replaceFirst(""))
                : OptionalLong.empty();
    }

    private static OptionalLong integer(String text) {
        return INTEGER.matcher(text).matches()
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    private static boolean isText(JsonNode node, String text) {
        return node.isString() && node.stringValue().equals(text);
    }

    private static Foreign foreign() {
        return new Foreign(UpstreamFailure.PROTOCOL_ERROR);
    }

    private static UpstreamReply no() {
        return new UpstreamReply.Failed(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
