package io.sallyport.telemetry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
    RouterFunction<ServerResponse> health(Health health) {
        return RouterFunctions.route()
                .GET("/livez", HealthRoutes::live)
                .GET("/readyz", _ -> ready(health))
                .build();
    }

    private static Mono<ServerResponse> live(ServerRequest request) {
        return ServerResponse.ok().bodyValue(Health.ALIVE);
    }

    private static Mono<ServerResponse> ready(Health health) {
        var report = health.ready();
        return ServerResponse.status(report.status()).bodyValue(report.text());
    }
}
