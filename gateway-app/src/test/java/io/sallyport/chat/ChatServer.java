package io.sallyport.chat;

import io.sallyport.chat.GovernedFace.Ports;
import io.sallyport.edge.GuardedBodies;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.identity.AttachedCaller;
import io.sallyport.identity.Caller;
import io.sallyport.provider.OpenAiProvider;
import io.sallyport.tenant.Governance;
import io.sallyport.threads.ComputePool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.WebFilter;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * The chat face on a free port of 127.0.0.1: real routes, real sockets on both sides; only the gate
 * and the records are fakes. Whatever it answers is checked against schema and grammar.
 */
final class ChatServer implements AutoCloseable {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    static final Duration KEEP_ALIVE = Duration.ofMillis(50);

    private static final ChatSettings SETTINGS =
            new ChatSettings(KEEP_ALIVE, ToolRunner.MAX_PARALLEL);

    final FakeGate gate = new FakeGate();
    final FakeRecords records = new FakeRecords();
    final FakeClaims claims = new FakeClaims();
    final FakeStops stops;
    final List<String> rejected = new CopyOnWriteArrayList<>();
    private final Workers workers = new Workers();
    final ComputePool compute = new ComputePool();
    private final EgressClient egress = EgressClients.open(EgressSettings.standard());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DisposableServer server;

    private ChatServer(Tenant tenant, Governance governance, Clock clock, List<WebFilter> filters) {
        stops = new FakeStops(tenant.governance().view(Tenant.ID));
        var ports =
                new Ports(
                        new OpenAiProvider(egress, true, workers.threads(), compute),
                        records,
                        claims,
                        workers,
                        new UnderWay(stops, stops),
                        compute,
                        clock);
        var planner =
                new Planner(
                        governance, (_, face, code) -> rejected.add(face + " " + code), compute);
        var tools = new ToolRunner(gate, workers.threads(), SETTINGS);
        var routes = ChatConfiguration.routes(planner, tools, ports);
        var caller = new Caller(tenant.key(), "req-1");
        var strategies = HandlerStrategies.builder().webFilter(new AttachedCaller(caller));
        filters.forEach(strategies::webFilter);
        var handler = RouterFunctions.toHttpHandler(routes, strategies.build());
        server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle(new ReactorHttpHandlerAdapter(handler))
                        .bindNow();
    }

    static ChatServer of(Tenant tenant) {
        return of(tenant, CLOCK);
    }

    static ChatServer of(Tenant tenant, Clock clock) {
        return new ChatServer(
                tenant, tenant.governance(), clock, List.of(GuardedBodies.unjudged()));
    }

    /**
     * @param filters what a request meets before the face
     */
    static ChatServer of(Tenant tenant, Governance governance, List<WebFilter> filters) {
        return new ChatServer(tenant, governance, CLOCK, filters);
    }

    /** The same with a clock. */
    static ChatServer of(Tenant tenant, Clock clock, WebFilter filter) {
        var filters = List.of(GuardedBodies.unjudged(), filter);
        return new ChatServer(tenant, tenant.governance(), clock, filters);
    }

    /** The base URL that a client is given. */
    URI url() {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1");
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .header("content-type", "application/json");
    }

    /** Sends a chat request and checks the answer. */
    Answer chat(String body, String... headers) throws IOException, InterruptedException {
        var request = request("/chat/completions").POST(BodyPublishers.ofString(body));
        for (int name = 0; name < headers.length; name += 2) {
            request.header(headers[name], headers[name + 1]);
        }
        return Answer.checked(send(request.build(), BodyHandlers.ofString()));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return Answer.of(send(request(path).GET().build(), BodyHandlers.ofString()));
    }

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return http.send(request, body);
    }

    @Override
    public void close() {
        server.disposeNow();
        workers.threads().shutdownNow();
        compute.close();
        http.shutdownNow();
        egress.close();
    }
}
