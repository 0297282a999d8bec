package io.sallyport.telemetry;

import io.sallyport.gate.Workers;
import java.util.function.BooleanSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /livez}: the process runs. {@code /readyz}: it can record calls, so it can serve them. */
@Configuration(proxyBeanMethods = false)
class HealthRoutes {
    @Bean
    RouterFunction<ServerResponse> health(Readiness readiness, Workers workers) {
        return RouterFunctions.route()
                .GET("/livez", HealthRoutes::live)
                .GET("/readyz", _ -> ready(readiness.check(), workers))
                .build();
    }

    private static Mono<ServerResponse> live(ServerRequest request) {
        return ServerResponse.ok().bodyValue("ok");
    }

    private static Mono<ServerResponse> ready(BooleanSupplier check, Workers workers) {
        return workers.run(check::getAsBoolean)
                .flatMap(ready ->
                        ready
                                ? ServerResponse.ok().bodyValue("ok")
                                : ServerResponse.status(503).bodyValue("store_unavailable"));
    }
}
