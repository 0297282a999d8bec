package io.sallyport.upstream.stateless;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.Era;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Asks a server what it is (MCP 2026-07-28, Discovery). */
public final class Discovery {
    private static final int UNSUPPORTED_VERSION = -32_022;
    private static final int MISSING_CAPABILITY = -32_021;
    private static final int HEADER_MISMATCH = -32_020;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_ANSWER = 256 * 1024;

    private Discovery() {}

    static UpstreamRequest request() {
        var nothing = "{}".getBytes(US_ASCII);
        return new UpstreamRequest(
                "server/discover", nothing, Envelope.plain(""), TIMEOUT, MAX_ANSWER);
    }

    /** What the server said of itself, if it speaks the revision that we speak. */
    public static Optional<ServerGreeting> greeting(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Result(var result, _, _)
                        && names(result.path("supportedVersions"))
                ? Optional.of(greeting(result))
                : Optional.empty();
    }

    private static ServerGreeting greeting(JsonNode result) {
        var named = result.path("_meta").path("io.modelcontextprotocol/serverInfo");
        var instructions = result.path("instructions").asString("");
        return new ServerGreeting(
                Era.MODERN,
                RequestFrame.VERSION,
                named.isObject() ? named : result.path("serverInfo"),
                result.path("capabilities"),
                Optional.of(instructions).filter(it -> !it.isEmpty()));
    }

    private static boolean names(JsonNode versions) {
        return versions.valueStream()
                .anyMatch(it -> it.stringValue("").equals(RequestFrame.VERSION));
    }

    /** Whether the server refused our revision although it says that it speaks it. */
    static boolean mayBeRepeated(UpstreamReply reply) {
        return reply instanceof UpstreamReply.RpcError(var code, _, var more)
                && code == UNSUPPORTED_VERSION
                && more.filter(it -> names(it.path("supported"))).isPresent();
    }

    /** Whether the server knows this era, but not the revision that we speak. */
    public static boolean isUnsupported(UpstreamReply reply) {
        return reply instanceof UpstreamReply.RpcError(var code, _, _)
                && code == UNSUPPORTED_VERSION;
    }

    /** Whether only a server of this era answers like that, with something else amiss. */
    public static boolean isModernRefusal(UpstreamReply reply) {
        return reply instanceof UpstreamReply.RpcError(var code, _, _)
                && (code == MISSING_CAPABILITY || code == HEADER_MISMATCH);
    }
}
