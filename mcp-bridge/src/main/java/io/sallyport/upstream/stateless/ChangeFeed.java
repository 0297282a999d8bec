package io.sallyport.upstream.stateless;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import io.sallyport.egress.EgressReply;
import io.sallyport.upstream.wire.Changes;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.Strays;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;

/** What changes at a server, heard as the answer to one long request (MCP, Subscriptions). */
final class ChangeFeed {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int MAX_EVENT = 1024 * 1024;

    /** A dead connection is found out by then: the listener comes again. */
    private static final Duration LIFE = Duration.ofMinutes(30);

    private final McpHttp http;
    private final AtomicLong ids;

    ChangeFeed(McpHttp http, AtomicLong ids) {
        this.http = http;
        this.ids = ids;
    }

    Flux<ServerChange> changes(ChangeSubscription wanted) {
        return Flux.defer(() -> listen(request(wanted.uris())))
                .filter(change -> Changes.concern(change, wanted.uris()))
                .onErrorMap(Faults::of);
    }

    private static UpstreamRequest request(Set<String> uris) {
        var params = JsonNodeFactory.instance.objectNode();
        var filter = params.putObject("notifications");
        filter.put("toolsListChanged", true)
                .put("promptsListChanged", true)
                .put("resourcesListChanged", true);
        if (!uris.isEmpty()) {
            var asked = filter.putArray("resourceSubscriptions");
            uris.forEach(asked::add);
        }
        return new UpstreamRequest(
                "subscriptions/listen",
                JsonText.write(params),
                Envelope.plain(""),
                LIFE,
                EventStream.MOST_OF_CHANGES);
    }

    private Flux<ServerChange> listen(UpstreamRequest request) {
        long id = ids.incrementAndGet();
        var headers = RequestFrame.headers(http.headers(), request);
        var deadline = Deadline.in(request.timeout());
        var asked =
                new OutboundRequest(id, headers, deadline, request.maxBytes(), request.envelope());
        return http.post(RequestFrame.body(id, request), asked)
                .flatMapMany(reply -> heard(reply, asked));
    }

    private static Flux<ServerChange> heard(EgressReply reply, OutboundRequest asked) {
        if (reply.status() == 200 && McpHttp.isOfType(reply, "text/event-stream")) {
            var strays = new Strays();
            return EventStream.read(reply, MAX_EVENT)
                    .filter(event -> !event.data().isEmpty())
                    .map(event -> message(event, asked, strays))
                    .takeUntil(message -> isAnswer(message, asked))
                    .concatMap(ChangeFeed::change, 1)
                    .concatWith(Mono.error(ChangeFeed::lost));
        }
        return Answers.read(reply, asked).flatMapMany(ChangeFeed::refused);
    }

    /** What concerns nobody is counted. */
    private static RpcMessage message(ServerEvent event, OutboundRequest asked, Strays strays) {
        var message = RpcMessage.read(event.data().getBytes(UTF_8));
        var isStray =
                switch (message) {
                    case RpcMessage.Response _ -> !isAnswer(message, asked);
                    case RpcMessage.Foreign _ -> true;
                    case RpcMessage.Notification _, RpcMessage.ServerRequest _ -> false;
                };
        if (isStray) {
            strays.skip(event.data().length());
        }
        return message;
    }

    private static boolean isAnswer(RpcMessage message, OutboundRequest asked) {
        return message instanceof RpcMessage.Response(var id, _) && id == asked.id();
    }

    private static Mono<ServerChange> change(RpcMessage message) {
        return message instanceof RpcMessage.Notification notification
                ? Mono.justOrEmpty(Changes.of(notification))
                : Mono.empty();
    }

    private static Flux<ServerChange> refused(UpstreamReply reply) {
        return reply instanceof UpstreamReply.RpcError(var code, _, _) && code == METHOD_NOT_FOUND
                ? Flux.empty()
                : Flux.error(new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private static UpstreamException lost() {
        return new UpstreamException(UpstreamFailure.UNREACHABLE, true);
    }
}
