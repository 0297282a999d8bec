package io.sallyport.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.sallyport.identity.HostRules;
import io.sallyport.settings.WrongSetting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The port for operators. It opens before the public one and closes after it, so that a gateway
 * that drains can be watched. A page of another origin reads nothing here: its host is not ours.
 */
public final class ManagementServer implements SmartLifecycle {
    private static final String LOOPBACK = "127.0.0.1";
    private static final HostRules OURS =
            new HostRules(Set.of("localhost", LOOPBACK, "[::1]"), Set.of());

    /** Between two looks of a scraper; who is silent for longer connects again. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

    /** Prometheus' own text format. */
    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

    private final ManagementSettings settings;
    private final Health health;
    private final PrometheusMeterRegistry meters;
    private volatile Optional<DisposableServer> server = Optional.empty();

    ManagementServer(ManagementSettings settings, Health health, PrometheusMeterRegistry meters) {
        this.settings = settings;
        this.health = health;
        this.meters = meters;
    }

    /** The port that it has; only while it runs. */
    public int port() {
        return server.map(it -> ((InetSocketAddress) it.address()).getPort()).orElseThrow();
    }

    @Override
    public void start() {
        try {
            server = Optional.of(listening());
        } catch (ChannelBindException e) {
            throw new WrongSetting("sallyport.management.port must be free", e);
        }
    }

    private DisposableServer listening() {
        return HttpServer.create()
                .host(LOOPBACK)
                .port(settings.port())
                .idleTimeout(IDLE)
                .route(this::routes)
                .bindNow();
    }

    private void routes(HttpServerRoutes routes) {
        routes.get("/livez", ours((_, response) -> text(response, 200, Health.ALIVE)))
                .get("/readyz", ours((_, response) -> ready(response)))
                .get("/metrics", ours((_, response) -> metrics(response)));
    }

    private static BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> ours(
            BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer) {
        return (request, response) -> {
            var hosts = request.requestHeaders().getAll(HttpHeaderNames.HOST);
            return hosts.size() == 1 && OURS.isOurHost(hosts.getFirst())
                    ? answer.apply(request, response)
                    : response.status(HttpResponseStatus.MISDIRECTED_REQUEST).send();
        };
    }

    private Publisher<Void> ready(HttpServerResponse response) {
        var report = health.ready();
        return text(response, report.status(), report.text());
    }

    /** Gauges may wait for a moment, which an event loop must not. */
    private Publisher<Void> metrics(HttpServerResponse response) {
        var scraped =
                Mono.fromCallable(() -> meters.scrape()).subscribeOn(Schedulers.boundedElastic());
        return response.header(HttpHeaderNames.CONTENT_TYPE, EXPOSITION).sendString(scraped);
    }

    private static Publisher<Void> text(HttpServerResponse response, int status, String text) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .sendString(Mono.just(text));
    }

    @Override
    public void stop() {
        server.ifPresent(it -> it.disposeNow(LAST_ANSWERS));
        server = Optional.empty();
    }

    @Override
    public boolean isRunning() {
        return server.isPresent();
    }

    /** Below that of the web server. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 4096;
    }
}
