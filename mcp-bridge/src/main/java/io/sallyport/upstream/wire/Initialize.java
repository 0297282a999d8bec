package io.sallyport.upstream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.catalog.Era;
import io.sallyport.egress.FaultDetail;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The greeting of the 2025 revisions (MCP 2025-11-25, Lifecycle). */
public final class Initialize {
    /** The revision that every server is asked for first. */
    private static final String LATEST = "2025-11-25";

    /** Of the oldest one everything is in the next one too: it is served as that. */
    private static final List<String> VERSIONS =
            List.of(LATEST, "2025-06-18", "2025-03-26", "2024-11-05");

    /** Those in which messages may come as a list. */
    private static final Set<String> WITH_BATCHES = Set.of("2025-03-26", "2024-11-05");

    private static final String HELLO =
            ",\"clientInfo\":{\"name\":\"sallyport\",\"version\":\"0.1.0\"},"
                    + "\"protocolVersion\":\"";

    private Initialize() {}

    /**
     * Greets a server in the latest revision. One that refuses it and names an older one that is
     * spoken here is greeted once more, in that.
     *
     * @param greet greets it in a revision, and fails with what {@link #refused} makes of an error
     */
    public static <T> Mono<T> negotiated(Function<String, Mono<T>> greet) {
        return Mono.defer(() -> greet.apply(LATEST))
                .onErrorResume(OtherRevision.class, other -> greet.apply(other.revision()))
                .onErrorMap(OtherRevision.class, OtherRevision::fault);
    }

    /**
     * @param capabilities text of a ClientCapabilities object
     * @param revision that is asked for
     */
    public static byte[] params(String capabilities, String revision) {
        return ("{\"capabilities\":" + capabilities + HELLO + revision + "\"}").getBytes(UTF_8);
    }

    /**
     * What an error in place of a greeting means, to {@link #negotiated} too: nothing has run, so
     * the server can be greeted again in another revision that it names.
     */
    public static RuntimeException refused(UpstreamReply.RpcError error) {
        return other(error, Faults.ofError(error));
    }

    /** The same of an answer with another status, which may have such an error as its body. */
    public static RuntimeException refused(UpstreamException fault) {
        var said = fault.detail().words().getBytes(UTF_8);
        return RpcMessage.refusal(said)
                .filter(UpstreamReply.RpcError.class::isInstance)
                .map(UpstreamReply.RpcError.class::cast)
                .map(error -> other(error, fault))
                .orElse(fault);
    }

    private static RuntimeException other(UpstreamReply.RpcError error, UpstreamException fault) {
        var supported = error.data().map(it -> it.path("supported").valueStream()).stream();
        var named = supported.flatMap(it -> it).map(it -> it.stringValue("")).toList();
        return VERSIONS.stream()
                .filter(it -> !it.equals(LATEST) && named.contains(it))
                .findFirst()
                .<RuntimeException>map(it -> new OtherRevision(it, fault))
                .orElse(fault);
    }

    /** Whether servers of that revision may send several messages as one list. */
    public static boolean hasBatches(String revision) {
        return WITH_BATCHES.contains(revision);
    }

    /**
     * @throws UpstreamException if the server speaks none of these revisions
     */
    public static ServerGreeting greeting(JsonNode result) {
        var version = result.path("protocolVersion").asString("");
        if (!VERSIONS.contains(version)) {
            throw new UpstreamException(
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
