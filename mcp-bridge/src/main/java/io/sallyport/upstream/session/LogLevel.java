package io.sallyport.upstream.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.UpstreamRequest;

/** Asks a server for log messages (MCP 2025-11-25, Logging). */
final class LogLevel {
    private static final long MAX_ANSWER = 64 * 1024;

    private LogLevel() {}

    /**
     * @param cause the request before which it is asked, within the same time
     * @param level one of the known levels
     */
    static UpstreamRequest request(UpstreamRequest cause, String level) {
        return new UpstreamRequest(
                "logging/setLevel",
                ("{\"level\":\"" + level + "\"}").getBytes(US_ASCII),
                Envelope.plain(cause.envelope().session()),
                cause.timeout(),
                MAX_ANSWER);
    }
}
