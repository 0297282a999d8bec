package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import io.sallyport.gate.Workers;
import io.sallyport.identity.Caller;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Reads what is posted to an MCP URL and writes what the lane answers. */
@Component
class McpHandler {
    /** The largest message of a client. */
    private static final int MAX_BODY = 1024 * 1024;

    private static final String SESSION = McpHeaders.SESSION;
    private static final String RECORD = "X-Sallyport-Record";

    private final McpFace face;
    private final Sessions sessions;
    private final Workers workers;

    McpHandler(McpFace face, Sessions sessions, Workers workers) {
        this.face = face;
        this.sessions = sessions;
        this.workers = workers;
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
                : body(request).flatMap(it -> answer(request, endpoint.get(), it));
    }

    private static Optional<Endpoint> endpoint(ServerRequest request) {
        var names = request.pathVariables();
        if (names.containsKey("server")) {
            return Endpoint.server(names.get("server"));
        }
        return Optional.of(
                names.containsKey("toolset")
                        ? new Endpoint.OneToolset(names.get("toolset"))
                        : new Endpoint.Everything());
    }

    private static Mono<byte[]> body(ServerRequest request) {
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), MAX_BODY)
                .map(McpHandler::bytes)
                .defaultIfEmpty(new byte[0]);
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private Mono<ServerResponse> answer(ServerRequest request, Endpoint endpoint, byte[] body) {
        var exchange =
                new Exchange(
                        endpoint,
                        request.requestPath().value(),
                        Caller.of(request.exchange()),
                        new McpHeaders(request.headers().asHttpHeaders()));
        return workers.run(() -> face.answer(body, exchange)).flatMap(McpHandler::write);
    }

    private static Mono<ServerResponse> write(RpcAnswer answer) {
        var response = ServerResponse.status(answer.status());
        answer.session().ifPresent(it -> response.header(SESSION, it));
        answer.record().ifPresent(it -> response.header(RECORD, it));
        return answer.body().isEmpty()
                ? response.build()
                : response.contentType(MediaType.APPLICATION_JSON).bodyValue(answer.bytes());
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var id = Optional.ofNullable(request.headers().firstHeader(SESSION));
        if (id.isEmpty()) {
            return refuse(400, Reason.INVALID_REQUEST, "Mcp-Session-Id is required");
        }
        return sessions.end(id.get(), Caller.of(request.exchange()), request.requestPath().value())
                ? ServerResponse.noContent().build()
                : refuse(404, Reason.NOT_FOUND, "Session not found");
    }

    /** We never speak first, so there is no stream to open (MCP 2025-11-25, Streamable HTTP). */
    static Mono<ServerResponse> noStream(ServerRequest request) {
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
