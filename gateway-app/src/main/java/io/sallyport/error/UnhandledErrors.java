package io.sallyport.error;

import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * What no handler answered: unknown routes, bodies over the limit, and our own mistakes. Says so in
 * the shape of the face and never how it came about; the log gets the class of the mistake.
 */
@Component
@Order(-2) // before Spring Boot's own, which would answer in a shape of its own
class UnhandledErrors implements WebExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UnhandledErrors.class);

    private final RouteTable routes;

    UnhandledErrors(RouteTable routes) {
        this.routes = routes;
    }

    private record Answer(int status, Reason reason, String sentence) {}

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        var response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        var answer = answer(failure);
        if (answer.status() == 404 || answer.status() == 405) {
            answer = misrouted(exchange);
        }
        return ErrorBody.write(exchange, answer.status(), answer.reason(), answer.sentence());
    }

    /** A path that has routes of other methods, or none. */
    private Answer misrouted(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var methods = routes.methods(request.getPath());
        if (methods.isEmpty() || methods.contains(request.getMethod().name())) {
            return answer(404);
        }
        var allowed = String.join(", ", methods);
        exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, allowed);
        return new Answer(
                405,
                Reason.METHOD_NOT_ALLOWED,
                "Method not allowed; this path has " + allowed + ".");
    }

    private static Answer answer(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null ->
                    answer(wrapped.getCause());
            case DataBufferLimitException _ ->
                    new Answer(413, Reason.BODY_TOO_LARGE, "The body is too large.");
            case UnavailableException _ ->
                    new Answer(
                            503,
                            Reason.AUDIT_UNAVAILABLE,
                            "The request cannot be recorded at the moment.");
            case InvalidMediaTypeException _ -> answer(415);
            case ResponseStatusException known -> answer(known.getStatusCode().value());
            default -> {
                LOG.error("unhandled: {}", failure.getClass().getName());
                yield new Answer(500, Reason.INTERNAL_ERROR, "Something went wrong.");
            }
        };
    }

    private static Answer answer(int status) {
        return switch (status) {
            case 404 -> new Answer(404, Reason.NOT_FOUND, "Not found.");
            case 413 -> new Answer(413, Reason.BODY_TOO_LARGE, "The body is too large.");
            case 415 -> new Answer(415, Reason.UNSUPPORTED_MEDIA_TYPE, "Media type not supported.");
            default ->
                    status < 500
                            ? new Answer(status, Reason.INVALID_REQUEST, "Invalid request.")
                            : new Answer(500, Reason.INTERNAL_ERROR, "Something went wrong.");
        };
    }
}
