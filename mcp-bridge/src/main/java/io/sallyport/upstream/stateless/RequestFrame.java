package io.sallyport.upstream.stateless;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.HeaderText;
import io.sallyport.bridge.LogLevels;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import io.sallyport.egress.Header;
import io.sallyport.upstream.wire.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What every request says of itself (MCP 2026-07-28, request metadata): in its body and above. */
final class RequestFrame {
    static final String VERSION = "2026-07-28";

    private static final String PREFIX = "\"io.modelcontextprotocol/";
    private static final String OPENING =
            "{"
                    + PREFIX
                    + "protocolVersion\":\""
                    + VERSION
                    + "\","
                    + PREFIX
                    + "clientInfo\":{\"name\":\"sallyport\",\"version\":\"0.1.0\"},"
                    + PREFIX
                    + "clientCapabilities\":";

    /** Of most requests: nothing declared, nothing wanted. */
    private static final byte[] PLAIN = (OPENING + "{}}").getBytes(UTF_8);

    /** The methods whose requests are about one thing that has a name. */
    private static final Set<String> NAMED = Set.of("tools/call", "prompts/get", "resources/read");

    private RequestFrame() {}

    static byte[] body(long id, UpstreamRequest request) {
        return Frames.request(id, request.method(), meta(id, request.envelope()), request.params());
    }

    private static byte[] meta(long id, Envelope envelope) {
        var isPlain = envelope.capabilities().isEmpty() && envelope.logLevel().isEmpty();
        if (isPlain && !envelope.progress()) {
            return PLAIN;
        }
        var meta = new StringBuilder(OPENING).append(JsonText.text(envelope.capabilities()));
        envelope.logLevel()
                .filter(LogLevels::isLevel)
                .ifPresent(it -> meta.append(',').append(PREFIX + "logLevel\":\"" + it + '"'));
        if (envelope.progress()) {
            meta.append(",\"progressToken\":").append(id);
        }
        return meta.append('}').toString().getBytes(UTF_8);
    }

    /**
     * @param always what is sent with every request
     */
    static List<Header> headers(List<Header> always, UpstreamRequest request) {
        var headers = new ArrayList<>(always);
        headers.add(new Header("mcp-protocol-version", VERSION));
        headers.add(new Header("mcp-method", request.method()));
        request.envelope()
                .name()
                .filter(_ -> NAMED.contains(request.method()))
                .ifPresent(it -> headers.add(new Header("mcp-name", HeaderText.encode(it))));
        headers.addAll(request.envelope().paramHeaders());
        return headers;
    }
}
