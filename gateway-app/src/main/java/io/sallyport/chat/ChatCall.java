package io.sallyport.chat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.edge.HeldBody;
import io.sallyport.edge.WholeRequest;
import io.sallyport.identity.Caller;
import io.sallyport.recording.RunRecords.RunStart;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * One request to the chat face.
 *
 * @param run id of the run that it starts, or goes on with
 * @param attempt id of this part of a run that another request has started; empty for the first
 * @param begun {@link System#nanoTime} at its arrival
 */
record ChatCall(ServerWebExchange exchange, Caller caller, String run, String attempt, long begun) {
    private static final String REQUEST_ID = "x-request-id";
    private static final String RUN_ID = "x-sallyport-run-id";
    private static final String OURS = "x-sallyport-";
    private static final String PROCESSING = "openai-processing-ms";

    static ChatCall of(ServerRequest request) {
        var exchange = request.exchange();
        return new ChatCall(exchange, Caller.of(exchange), Ids.mint("run_"), "", System.nanoTime());
    }

    /** The same as a part of a run that another request has started. */
    ChatCall repeating(String other) {
        return new ChatCall(exchange, caller, other, run, begun);
    }

    /** Not a copy: it must not be changed. */
    byte[] body() {
        return WholeRequest.body(exchange);
    }

    AnswerRoom room() {
        return HeldBody.room(exchange);
    }

    HttpHeaders headers() {
        return exchange.getRequest().getHeaders();
    }

    /** Our own headers, which change what becomes of the request, as one text. */
    String ourHeaders() {
        return headers().headerNames().stream()
                .map(it -> it.toLowerCase(Locale.ROOT))
                .filter(it -> it.startsWith(OURS))
                .sorted()
                .map(it -> it + '=' + headers().getValuesAsList(it) + '\n')
                .collect(Collectors.joining());
    }

    ServerHttpResponse response() {
        return exchange.getResponse();
    }

    RunStart start(Plan plan) {
        var request = plan.request();
        var governed = plan instanceof Plan.Governed;
        tellRun();
        return new RunStart(
                caller.principal(),
                run,
                request.model(),
                caller.requestId(),
                request.stream(),
                governed,
                attempt);
    }

    void tellRun() {
        response().getHeaders().set(RUN_ID, run);
    }

    long micros() {
        return (System.nanoTime() - begun) / 1_000;
    }

    /** Sets the headers that every answer has; called when it is about to leave. */
    void addResponseHeaders(HttpHeaders headers) {
        headers.set(REQUEST_ID, caller.requestId());
        headers.set(PROCESSING, String.valueOf(micros() / 1_000));
    }
}
