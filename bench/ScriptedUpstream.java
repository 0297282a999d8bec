import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;

/**
 * Model provider and MCP server for the benchmark, so cheap that neither is what is measured: one
 * thread, replies built beforehand, connections kept alive, on 127.0.0.1 only. It believes its
 * clients: requests are searched for a few words, not parsed.
 *
 * <p>{@code POST /v1/chat/completions}: a tool call if the request offers {@code tools} and holds no
 * tool result yet, else a plain answer; a stream of 20 chunks if it says {@code "stream":true}.
 * {@code POST /mcp}: a server with one tool, {@code echo}, over Streamable HTTP 2025-11-25.
 */
public final class ScriptedUpstream {

    public static void main(String[] args) throws IOException {
        if (args.length != 1 || !args[0].matches("[0-9]{1,4}|[1-5][0-9]{4}")) {
            System.err.println("usage: java ScriptedUpstream.java PORT (at most 59999)");
            System.exit(2);
        }
        int port = Integer.parseInt(args[0]);
        try (var selector = Selector.open();
                var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1024);
            listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            System.out.println("listening on http://127.0.0.1:" + listener.socket().getLocalPort());
            serve(selector, listener);
        } catch (BindException taken) {
            System.err.println("scripted upstream: port " + port + " of 127.0.0.1 is taken");
            System.exit(1);
        }
    }

    /** Until the process is told to stop. */
    private static void serve(Selector selector, ServerSocketChannel listener) throws IOException {
        while (true) {
            selector.select(key -> {
                if (key.isAcceptable()) {
                    accept(selector, listener);
                } else {
                    ((Connection) key.attachment()).ready(key);
                }
            });
        }
    }

    private static void accept(Selector selector, ServerSocketChannel listener) {
        try {
            SocketChannel client = listener.accept();
            if (client != null) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Connection(client));
            }
        } catch (IOException clientLeft) {
            // it is gone before it was there; the next one is accepted all the same
        }
    }

    /** One client: bytes in, whole requests out of them, replies in order. */
    private static final class Connection {

        private static final int MAX_REQUEST = 1024 * 1024;
        private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

        private final SocketChannel client;
        private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
        private ByteBuffer in = ByteBuffer.allocate(16 * 1024);

        Connection(SocketChannel client) {
            this.client = client;
        }

        void ready(SelectionKey key) {
            try {
                if (key.isReadable()) {
                    read();
                }
                send();
                int interest = unsent.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
                if (client.isOpen()) {
                    key.interestOps(interest);
                }
            } catch (IOException | RuntimeException leftOrSpokeNonsense) {
                close(); // one bad client must not end the thread that serves the others
            }
        }

        private void read() throws IOException {
            if (!in.hasRemaining()) {
                grow();
            }
            if (client.read(in) < 0) {
                close();
                return;
            }
            while (takeRequest()) {} // clients may send several requests at once
        }

        private void grow() throws IOException {
            if (in.capacity() >= MAX_REQUEST) {
                throw new IOException("request too large");
            }
            in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
        }

        /** Answers the first whole request in the buffer, if there is one. */
        private boolean takeRequest() throws IOException {
            byte[] bytes = in.array();
            int endOfHead = Bytes.indexOf(bytes, 0, in.position(), END_OF_HEAD);
            if (endOfHead < 0) {
                return false;
            }
            var head = new String(bytes, 0, endOfHead, ISO_8859_1);
            int bodyStart = endOfHead + END_OF_HEAD.length;
            int end = bodyStart + contentLength(head);
            if (in.position() < end) {
                return false;
            }
            var path = head.substring(0, head.indexOf(" HTTP/"));
            unsent.add(
                    ByteBuffer.wrap(Replies.to(path, Arrays.copyOfRange(bytes, bodyStart, end))));
            in.flip().position(end);
            in.compact();
            return true;
        }

        private static int contentLength(String head) throws IOException {
            for (var line : head.split("\r\n")) {
                var lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    return Integer.parseInt(lower.substring(15).strip());
                }
                if (lower.startsWith("transfer-encoding:")) {
                    throw new IOException("chunked requests are not understood");
                }
            }
            return 0;
        }

        private void send() throws IOException {
            while (!unsent.isEmpty()) {
                client.write(unsent.peek());
                if (unsent.peek().hasRemaining()) {
                    return;
                }
                unsent.remove();
            }
        }

        private void close() {
            unsent.clear();
            try {
                client.close();
            } catch (IOException alreadyClosed) {
                // nothing is left to do
            }
        }
    }

    /** What is answered to what. */
    private static final class Replies {

        private static final byte[] STREAM = Bytes.of("\"stream\":true");
        private static final byte[] TOOLS = Bytes.of("\"tools\":[");
        private static final byte[] NAME = Bytes.of("\"name\":\"");
        private static final byte[] TOOL_RESULT = Bytes.of("\"role\":\"tool\"");

        private static final byte[] PLAIN = json("200 OK", Chat.plain());
        private static final byte[] PLAIN_STREAM = stream(Chat.plainChunks());
        private static final byte[] NOT_FOUND = json("404 Not Found", "{}");
        private static final byte[] ACCEPTED = empty("202 Accepted");
        private static final byte[] NO_METHOD = empty("405 Method Not Allowed");

        static byte[] to(String request, byte[] body) {
            return switch (request) {
                case "POST /v1/chat/completions" -> chat(body);
                case "POST /mcp" -> mcp(body);
                case "GET /mcp", "DELETE /mcp" -> NO_METHOD;
                default -> NOT_FOUND;
            };
        }

        private static byte[] chat(byte[] body) {
            boolean stream = Bytes.indexOf(body, 0, body.length, STREAM) >= 0;
            int tools = Bytes.indexOf(body, 0, body.length, TOOLS);
            if (tools < 0 || Bytes.indexOf(body, 0, body.length, TOOL_RESULT) >= 0) {
                return stream ? PLAIN_STREAM : PLAIN;
            }
            int name = Bytes.indexOf(body, tools, body.length, NAME) + NAME.length;
            int end = Bytes.indexOf(body, name, body.length, Bytes.of("\""));
            var tool = new String(body, name, end - name, UTF_8);
            return stream ? stream(Chat.callChunks(tool)) : json("200 OK", Chat.call(tool));
        }

        private static byte[] mcp(byte[] body) {
            var text = new String(body, UTF_8);
            var method = Mcp.member(text, "method");
            if (method.startsWith("\"notifications/")) {
                return ACCEPTED;
            }
            var answer = Mcp.answer(method, Mcp.member(text, "id"));
            return method.equals("\"initialize\"")
                    ? json("200 OK\r\nMcp-Session-Id: bench-session", answer)
                    : json("200 OK", answer);
        }

        private static byte[] empty(String status) {
            return Bytes.of("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
        }

        private static byte[] json(String status, String body) {
            var type = "Content-Type: application/json\r\n";
            var head = "HTTP/1.1 %s\r\n" + type + "Content-Length: %d\r\n\r\n";
            return Bytes.of(head.formatted(status, Bytes.of(body).length) + body);
        }

        /** Each event is an HTTP chunk of its own, as providers send them. */
        private static byte[] stream(String[] events) {
            var reply =
                    new StringBuilder(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n");
            for (var event : events) {
                var line = "data: " + event + "\n\n";
                reply.append(Integer.toHexString(Bytes.of(line).length)).append("\r\n");
                reply.append(line).append("\r\n");
            }
            return Bytes.of(reply.append("0\r\n\r\n").toString());
        }
    }

    /** OpenAI's bodies and chunks. */
    private static final class Chat {

        private static final String WORD = "governance ";
        private static final int WORDS = 17; // with role, finish and usage: 20 chunks

        private static final String USAGE =
                "{\"prompt_tokens\":20,\"completion_tokens\":17,\"total_tokens\":37}";

        static String plain() {
            return body("\"content\":\"" + WORD.repeat(WORDS) + "\"", "stop");
        }

        static String call(String tool) {
            var calls = "\"content\":null,\"tool_calls\":[" + callTree(tool, "") + "]";
            return body(calls, "tool_calls");
        }

        static String[] plainChunks() {
            var chunks = new String[WORDS + 4];
            chunks[0] = chunk("\"role\":\"assistant\",\"content\":\"\"", "null");
            for (int i = 1; i <= WORDS; i++) {
                chunks[i] = chunk("\"content\":\"" + WORD + "\"", "null");
            }
            chunks[WORDS + 1] = chunk("", "\"stop\"");
            chunks[WORDS + 2] = usageChunk();
            chunks[WORDS + 3] = "[DONE]";
            return chunks;
        }

        static String[] callChunks(String tool) {
            var call = "\"tool_calls\":[" + callTree(tool, "\"index\":0,") + "]";
            return new String[] {
                chunk("\"role\":\"assistant\",\"content\":null", "null"),
                chunk(call, "null"),
                chunk("", "\"tool_calls\""),
                usageChunk(),
                "[DONE]"
            };
        }

        private static String callTree(String tool, String index) {
            return """
            {%s"id":"call_bench","type":"function","function":\
            {"name":"%s","arguments":"{\\"text\\":\\"hello\\"}"}}\
            """
                    .formatted(index, tool);
        }

        private static String body(String message, String finishReason) {
            return """
            {"id":"chatcmpl-bench","object":"chat.completion","created":1767225600,\
            "model":"bench","choices":[{"index":0,"message":{"role":"assistant",%s,\
            "refusal":null},"logprobs":null,"finish_reason":"%s"}],"usage":%s}\
            """
                    .formatted(message, finishReason, USAGE);
        }

        private static String chunk(String delta, String finishReason) {
            return """
            {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,\
            "model":"bench","choices":[{"index":0,"delta":{%s},"logprobs":null,\
            "finish_reason":%s}]}\
            """
                    .formatted(delta, finishReason);
        }

        private static String usageChunk() {
            return """
            {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,\
            "model":"bench","choices":[],"usage":%s}\
            """
                    .formatted(USAGE);
        }
    }

    /** MCP 2025-11-25, as much of it as one tool needs. */
    private static final class Mcp {

        static String answer(String method, String id) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + outcome(method) + "}";
        }

        private static String outcome(String method) {
            return switch (method) {
                case "\"initialize\"" ->
                        """
                        "result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
                        "serverInfo":{"name":"bench","version":"1"}}\
                        """;
                case "\"tools/list\"" ->
                        """
                        "result":{"tools":[{"name":"echo","description":"Echoes a text.",\
                        "inputSchema":{"type":"object","properties":{"text":{"type":"string"}},\
                        "required":["text"],"additionalProperties":false},\
                        "annotations":{"readOnlyHint":true}}]}\
                        """;
                case "\"tools/call\"" ->
                        """
                        "result":{"content":[{"type":"text","text":"hello"}],"isError":false}\
                        """;
                case "\"ping\"" -> "\"result\":{}";
                default -> "\"error\":{\"code\":-32601,\"message\":\"Method not found\"}";
            };
        }

        /** The first member of this name as JSON text, or {@code null} if there is none. */
        static String member(String json, String name) {
            var key = "\"" + name + "\":";
            int at = json.indexOf(key);
            return at < 0 ? "null" : value(json, at + key.length());
        }

        private static String value(String json, int start) {
            int end = start;
            if (start < json.length() && json.charAt(start) == '"') {
                end = endOfString(json, start);
            } else {
                while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) {
                    end++;
                }
            }
            return json.substring(start, end);
        }

        /** One past the closing quote of the string that opens at {@code start}. */
        private static int endOfString(String json, int start) {
            int i = start + 1;
            while (i < json.length() && json.charAt(i) != '"') {
                i += json.charAt(i) == '\\' ? 2 : 1;
            }
            return Math.min(i + 1, json.length());
        }
    }

    private static final class Bytes {

        static byte[] of(String text) {
            return text.getBytes(UTF_8);
        }

        /** The first place of {@code wanted} between {@code from} and {@code to}, or -1. */
        static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
            for (int i = from; i <= to - wanted.length; i++) {
                if (bytes[i] == wanted[0]
                        && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
