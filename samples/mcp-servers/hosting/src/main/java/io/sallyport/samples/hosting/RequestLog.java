package io.sallyport.samples.hosting;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Keeps what arrived, and runs an action before each {@code tools/list} reaches the server. */
final class RequestLog implements Filter {

    /** Enough for a test to look back; bounded because a demo may run for days. */
    static final int KEPT = 256;

    /** As generous as the gateway itself; larger bodies answer 413. */
    private static final int MAX_BODY = 1024 * 1024;

    private static final TypeRef<Map<String, Object>> TREE = new TypeRef<>() {};

    private final Deque<ReceivedRequest> newest = new ArrayDeque<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private volatile Runnable beforeListing = () -> {};

    void beforeListing(Runnable action) {
        beforeListing = action;
    }

    synchronized Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    synchronized List<ReceivedRequest> received() {
        return List.copyOf(newest);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        byte[] body = http.getInputStream().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            ((HttpServletResponse) response).sendError(413);
            return;
        }
        var received = received(http, new String(body, UTF_8));
        keep(received);
        if (received.rpcMethod().equals("tools/list")) {
            beforeListing.run();
        }
        chain.doFilter(new ReplayedRequest(http, body), response);
    }

    private synchronized void keep(ReceivedRequest received) {
        if (newest.size() == KEPT) {
            newest.removeFirst();
        }
        newest.addLast(received);
        if (received.isToolCall()) {
            calls.merge(received.tool(), 1, Integer::sum);
        }
    }

    private static ReceivedRequest received(HttpServletRequest http, String body) {
        var message = tree(body);
        var tool = message.get("params") instanceof Map<?, ?> params ? params.get("name") : "";
        return new ReceivedRequest(
                http.getMethod(),
                headers(http),
                body,
                message.get("method") instanceof String method ? method : "",
                tool instanceof String name ? name : "");
    }

    /** What is not a JSON object is the server's to refuse; here it is an empty one. */
    private static Map<String, Object> tree(String body) {
        try {
            return McpJsonDefaults.getMapper().readValue(body, TREE);
        } catch (IOException | RuntimeException notAnObject) {
            return Map.of();
        }
    }

    private static Map<String, List<String>> headers(HttpServletRequest http) {
        var headers = new HashMap<String, List<String>>();
        for (var name : Collections.list(http.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(http.getHeaders(name)));
        }
        return headers;
    }
}
