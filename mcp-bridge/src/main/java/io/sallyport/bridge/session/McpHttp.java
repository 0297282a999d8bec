package io.sallyport.bridge.session;

import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressClient;
import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.EgressRequest;
import io.sallyport.bridge.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** The HTTP requests of Streamable HTTP to one server, with its credential. */
final class McpHttp {
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

    McpHttp(EgressClient egress, Destination destination, List<Header> credential) {
        this.egress = egress;
        this.destination = destination;
        this.credential = List.copyOf(credential);
    }

    /** The headers of a request outside of any session. */
    List<Header> headers() {
        return with(List.of(JSON, EITHER), credential);
    }

    static List<Header> with(List<Header> headers, List<Header> more) {
        var all = new ArrayList<>(headers);
        all.addAll(more);
        return List.copyOf(all);
    }

    Mono<EgressReply> post(byte[] body, Asked asked) {
        return egress.send(
                new EgressRequest(
                        destination,
                        "POST",
                        asked.headers(),
                        body,
                        asked.deadline().remaining(),
                        asked.maxBytes()));
    }

    /** Posts what has no answer; the item is the status. */
    Mono<Integer> tell(byte[] body, List<Header> headers, Deadline deadline) {
        var asked = new Asked(0, headers, deadline, MAX_ACKNOWLEDGEMENT);
        return post(body, asked).flatMap(McpHttp::status);
    }

    /** Continues a stream after {@code lastEventId}. */
    Mono<EgressReply> resume(Asked asked, Header lastEventId) {
        var session = asked.headers().stream().filter(McpHttp::notOfPost).toList();
        return egress.send(
                new EgressRequest(
                        destination,
                        "GET",
                        with(session, List.of(EVENTS, lastEventId)),
                        NOTHING,
                        asked.deadline().remaining(),
                        asked.maxBytes()));
    }

    Mono<Integer> delete(List<Header> headers) {
        var session = headers.stream().filter(McpHttp::notOfPost).toList();
        return egress.send(
                        new EgressRequest(
                                destination,
                                "DELETE",
                                session,
                                NOTHING,
                                ACKNOWLEDGEMENT,
                                MAX_ACKNOWLEDGEMENT))
                .flatMap(McpHttp::status);
    }

    private static boolean notOfPost(Header header) {
        return !header.equals(JSON) && !header.equals(EITHER);
    }

    private static Mono<Integer> status(EgressReply reply) {
        return reply.bytes().map(_ -> reply.status());
    }
}
