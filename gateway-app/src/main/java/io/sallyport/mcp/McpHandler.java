package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import io.sallyport.edge.EventWriter;
import io.sallyport.edge.HeldBody;
import io.sallyport.edge.WholeRequest;
import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import io.sallyport.gate.Workers;
import io.sallyport.identity.Caller;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads what is posted to an MCP URL and writes what the lane answers. */
@Component
class McpHandler {
    /** The rest waits in the channel, by whose bounds slow clients lose notices and are cut off. */
    private static final int AHEAD = 1;

    private static final String SESSION = McpHeaders.SESSION;
    private static final String RECORD = "X-Sallyport-Record";

    private final McpFace face;
    private final Sessions sessions;
    private final KeepAlive keepAlive;
    private final ExecutorService threads;

    McpHandler(McpFace face, Sessions sessions, KeepAlive keepAlive, Workers workers) {
        this.face = face;
        this.sessions = sessions;
        this.keepAlive = keepAlive;
        threads = workers.threads();
    }

    Mono<ServerResponse> post(ServerRequest request) {
        var headers = request.headers();
        if (!headers.contentType()
                .map(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                .orElse(false)) {
            return refuse(
                    415, Reason.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
        }
        if (!headers.header(HttpHeaders.CONTENT_ENCODING).isEmpty()) {
            return refuse(
                    415, Reason.UNSUPPORTED_CONTENT_ENCODING, "Content-Encoding is not supported");
        }
        var endpoint = endpoint(request);
        return endpoint.isEmpty()
                ? refuse(404, Reason.NOT_FOUND, "Not found")
                : answer(request, endpoint.get());
    }

    private static Optional<Endpoint> endpoint(ServerRequest request) {
        var names = request.pathVariables();
        if (names.containsKey("server")) {
            return Endpoint.ofServer(names.get("server"));
        }
        return Optional.of(
                names.containsKey("toolset")
                        ? new Endpoint.OneToolset(names.get("toolset"))
                        : new Endpoint.Everything());
    }

    private Mono<ServerResponse> answer(ServerRequest request, Endpoint endpoint) {
        var context = context(request, endpoint);
        var body = WholeRequest.body(request.exchange());
        var inFlight =
                new InFlightRequest(
                        context.headers().acceptsStream(),
                        it -> face.answer(body, context, it),
                        HeldBody.retain(request.exchange()));
        return answer(inFlight);
    }

    /** The request is in flight while its answer is written, however that ends. */
    private Mono<ServerResponse> answer(InFlightRequest inFlight) {
        return ServerResponse.ok()
                .build((exchange, _) ->
                        Mono.defer(() -> start(inFlight))
                                .flatMap(it -> write(exchange.getResponse(), it))
                                .doFinally(_ -> inFlight.channel().end()));
    }

    private static McpRequestContext context(ServerRequest request, Endpoint endpoint) {
        return new McpRequestContext(
                endpoint,
                request.requestPath().value(),
                Caller.of(request.exchange()),
                new McpHeaders(request.headers().asHttpHeaders()),
                HeldBody.room(request.exchange()));
    }

    private Mono<Channel.Opening> start(InFlightRequest inFlight) {
        keepAlive.watch(inFlight.channel());
        threads.execute(inFlight.running());
        return inFlight.channel().opening();
    }

    private static Mono<Void> write(ServerHttpResponse response, Channel.Opening opening) {
        return switch (opening) {
            case Channel.Opening.Whole(var answer) -> write(response, answer);
            case Channel.Opening.Stream(var frames) -> stream(response, frames);
        };
    }

    private static Mono<Void> write(ServerHttpResponse response, RpcAnswer answer) {
        response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
        var headers = response.getHeaders();
        answer.session().ifPresent(it -> headers.set(SESSION, it));
        answer.record().ifPresent(it -> headers.set(RECORD, it));
        if (answer.body().isEmpty()) {
            return response.setComplete();
        }
        var bytes = answer.bytes();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(bytes.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
    }

    private static Mono<Void> stream(ServerHttpResponse response, Flux<byte[]> frames) {
        var headers = response.getHeaders();
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Accel-Buffering", "no");
        headers.set(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE);
        return EventWriter.write(response, frames, AHEAD);
    }

    /** Only sessions can be ended, and a request of 2026 knows none. */
    Mono<ServerResponse> delete(ServerRequest request) {
        var headers = new McpHeaders(request.headers().asHttpHeaders());
        if (ModernRules.areNamed(headers)) {
            return wrongMethod();
        }
        var ids = headers.values(SESSION);
        if (ids.size() != 1) {
            return refuse(400, Reason.INVALID_REQUEST, "Mcp-Session-Id is required");
        }
        return sessions.end(
                        ids.getFirst(),
                        Caller.of(request.exchange()),
                        request.requestPath().value())
                ? ServerResponse.noContent().build()
                : refuse(404, Reason.NOT_FOUND, "Session not found");
    }

    /** A session's event stream, which cannot be resumed: {@code Last-Event-ID} is ignored. */
    Mono<ServerResponse> listen(ServerRequest request) {
        var endpoint = endpoint(request);
        var headers = new McpHeaders(request.headers().asHttpHeaders());
        if (endpoint.isEmpty() || ModernRules.areNamed(headers) || !headers.acceptsStream()) {
            return wrongMethod();
        }
        var context = context(request, endpoint.get());
        var inFlight = new InFlightRequest(true, it -> face.listen(context, it), () -> {});
        return answer(inFlight);
    }

    private static Mono<ServerResponse> wrongMethod() {
        return ServerResponse.status(405)
                .allow(HttpMethod.POST, HttpMethod.DELETE)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(
                        JsonText.write(
                                ErrorBody.forPath(
                                        "/mcp",
                                        405,
                                        Reason.METHOD_NOT_ALLOWED,
                                        "Method not allowed")));
    }

    private static Mono<ServerResponse> refuse(int status, Reason reason, String sentence) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonText.write(ErrorBody.forPath("/mcp", status, reason, sentence)));
    }
}
