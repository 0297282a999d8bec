package io.sallyport.telemetry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code /livez}: the process runs. {@code /readyz}: it can record calls, so it can serve them.
 * Both answer from memory: whatever waits for the database, they do not.
 */
@Configuration(proxyBeanMethods = false)
class HealthRoutes {
    @Bean
    RouterFunction<ServerResponse> health(Readiness readiness) {
        return RouterFunctions.route()
                .GET("/livez", HealthRoutes::live)
                .GET("/readyz", _ -> ready(readiness))
                .build();
    }

    private static Mono<ServerResponse> live(ServerRequest request) {
        return ServerResponse.ok().bodyValue("ok");
    }

    private static Mono<ServerResponse> ready(Readiness readiness) {
        var trouble = readiness.trouble().get();
        var status = trouble.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
        return ServerResponse.status(status).bodyValue(readiness.report(trouble));
    }
}
