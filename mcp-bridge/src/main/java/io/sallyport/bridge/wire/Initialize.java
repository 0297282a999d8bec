package io.sallyport.bridge.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.FaultDetail;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.Era;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The greeting of the 2025 revisions (MCP 2025-11-25, Lifecycle). */
public final class Initialize {
    /** Of the oldest one everything is in the next one too: it is served as that. */
    private static final Set<String> VERSIONS =
            Set.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private static final String HELLO =
            ",\"clientInfo\":{\"name\":\"sallyport\",\"version\":\"0.1.0\"},"
                    + "\"protocolVersion\":\"2025-11-25\"}";

    private Initialize() {}

    /**
     * @param capabilities text of a ClientCapabilities object
     */
    public static byte[] params(String capabilities) {
        return ("{\"capabilities\":" + capabilities + HELLO).getBytes(UTF_8);
    }

    /**
     * @throws UpstreamFault if the server speaks none of these revisions
     */
    public static ServerGreeting greeting(JsonNode result) {
        var version = result.path("protocolVersion").asString("");
        if (!VERSIONS.contains(version)) {
            throw new UpstreamFault(
                    UpstreamFailure.PROTOCOL_ERROR,
                    true,
                    FaultDetail.of(FaultDetail.Cause.VERSION, version));
        }
        return new ServerGreeting(
                Era.LEGACY,
                version,
                result.path("serverInfo"),
                result.path("capabilities"),
                Optional.of(result.path("instructions").asString("")).filter(it -> !it.isEmpty()));
    }
}
