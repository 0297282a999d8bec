package io.sallyport.upstream.wire;

import io.sallyport.bridge.Envelope;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.EgressRequest;
import io.sallyport.egress.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;

/** The HTTP requests of Streamable HTTP to one server, with its credential. */
public final class McpHttp {
    private static final Header JSON = new Header("content-type", "application/json");
    private static final Header EITHER =
            new Header("accept", "application/json, text/event-stream");
    private static final Header EVENTS = new Header("accept", "text/event-stream");
    private static final byte[] NOTHING = {};

    /** Longest body of an answer that says nothing, such as 202. */
    private static final int MAX_ACKNOWLEDGEMENT = 64 * 1024;

    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(10);

    private final EgressClient egress;
    private final Destination destination;
    private final List<Header> credential;

    public McpHttp(EgressClient egress, Destination destination, List<Header> credential) {
        this.egress = egress;
        this.destination = destination;
        this.credential = List.copyOf(credential);
    }

    /** The same, for requests whose answers may take long and must keep no other waiting. */
    public McpHttp patient() {
        return new McpHttp(egress, destination.patiently(), credential);
    }

    /** The headers of a request outside of any session. */
    public List<Header> headers() {
        return with(List.of(JSON, EITHER), credential);
    }

    public static List<Header> with(List<Header> headers, List<Header> more) {
        var all = new ArrayList<>(headers);
        all.addAll(more);
        return List.copyOf(all);
    }

    public Mono<EgressReply> post(byte[] body, OutboundRequest asked) {
        return send("POST", asked.headers(), body, asked);
    }

    /** Posts what has no answer; the item is the status. */
    public Mono<Integer> tell(byte[] body, List<Header> headers, Deadline deadline) {
        return post(body, acknowledged(headers, deadline)).flatMap(McpHttp::status);
    }

    /** Opens a stream of events. */
    public Mono<EgressReply> listen(OutboundRequest asked, List<Header> more) {
        return send(
                "GET",
                with(with(ofSession(asked.headers()), List.of(EVENTS)), more),
                NOTHING,
                asked);
    }

    public Mono<Integer> delete(List<Header> headers) {
        var session = ofSession(headers);
        return send("DELETE", session, NOTHING, acknowledged(session, Deadline.in(ACKNOWLEDGEMENT)))
                .flatMap(McpHttp::status);
    }

    private static OutboundRequest acknowledged(List<Header> headers, Deadline deadline) {
        return new OutboundRequest(0, headers, deadline, MAX_ACKNOWLEDGEMENT, Envelope.plain(""));
    }

    private Mono<EgressReply> send(
            String method, List<Header> headers, byte[] body, OutboundRequest asked) {
        return egress.send(
                new EgressRequest(
                        destination,
                        method,
                        headers,
                        body,
                        asked.deadline().remaining(),
                        asked.maxBytes()));
    }

    private static List<Header> ofSession(List<Header> headers) {
        return headers.stream().filter(it -> !it.equals(JSON) && !it.equals(EITHER)).toList();
    }

    /** Whether the body is of that media type, and of no other. */
    public static boolean isOfType(EgressReply reply, String type) {
        var named = reply.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        return !named.contains(",") && named.split(";", 2)[0].strip().equals(type);
    }

    private static Mono<Integer> status(EgressReply reply) {
        return reply.bytes().map(_ -> reply.status());
    }
}
