package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** H20: a call that changes something is not begun for a client that has left. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class LeftBeforeIntentTest {
    private static final String INTENT_WAITS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock' and query like 'select audit_append%'";
    private static final String LOOKUP_WAITS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock' and query like 'select document from approval%'";
    private static final String CONSUMED = "select count(*) from approval where state = 'consumed'";

    private final AuditedGateway gateway;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");
    private final Caller provider = new Caller();
    private String key;

    LeftBeforeIntentTest(FaultyPostgres postgres) throws IOException, InterruptedException {
        gateway = AuditedGateway.start(postgres);
    }

    @BeforeEach
    void serve() {
        var tenant = gateway.tenant();
        tenant.serve("u2", upstream.endpoint(), Map.of("wipe", "write"));
        tenant.toolset("all", "*");
        tenant.model("m", provider.endpoint(), "any", ",\"toolset\":\"all\"");
        key = tenant.agent();
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
        provider.close();
    }

    /** How a call is made, and how its client leaves it. */
    enum Face {
        CHAT,
        REQUEST,
        SESSION
    }

    private record Call(Future<?> reply, Runnable leave) {}

    private Call begin(Face face) {
        var http = gateway.tenant().http();
        return switch (face) {
            case CHAT -> closing(Ask.post("/v1/chat/completions", Chat.question("m")).bearer(key));
            case REQUEST -> closing(new ModernClient(http, "/mcp", key).askCall("u2__wipe", "{}"));
            case SESSION -> {
                var session = McpSession.open(http, key);
                var ask =
                        """
                        {"jsonrpc":"2.0","id":9,"method":"tools/call",
                         "params":{"name":"u2__wipe","arguments":{}}}\
                        """;
                var end =
                        """
                        {"jsonrpc":"2.0","method":"notifications/cancelled",
                         "params":{"requestId":9}}\
                        """;
                yield new Call(http.begin(session.ask(ask)), () -> session.post(end).ok());
            }
        };
    }

    private Call closing(Ask ask) {
        var reply = gateway.tenant().http().begin(ask);
        return new Call(reply, () -> reply.cancel(true));
    }

    /** The intent is on its way when the client leaves, and may get there. */
    @ParameterizedTest
    @EnumSource(Face.class)
    void aCallWhoseIntentWaitsIsNotSent(Face face) {
        gateway.tenant().allow("u2/*");
        var held = new AtomicReference<FaultyPostgres.Held>();
        provider.before(() -> held.set(FaultyPostgres.holdIntake(gateway.database())));
        if (face != Face.CHAT) {
            held.set(FaultyPostgres.holdIntake(gateway.database()));
        }
        leave(face, INTENT_WAITS);
        held.get().close();

        eventually().until(() -> gateway.workers() == 0);
        eventually().untilAsserted(() -> assertThat(statuses()).hasSize(intents()));
        assertThat(statuses()).allMatch("not_sent"::equals);
        assertThat(upstream.calls()).isEmpty();
    }

    /** What was not sent is no answer for whoever asks with the key of the run. */
    @Test
    void aCallThatWasNotSentIsMadeWhenSomebodyGoesOn() {
        var tenant = gateway.tenant();
        tenant.allow("u2/*");
        var held = new AtomicReference<FaultyPostgres.Held>();
        provider.before(() -> held.set(FaultyPostgres.holdIntake(gateway.database())));
        leave(closing(question()), INTENT_WAITS);
        provider.before(() -> {});
        held.get().close();
        eventually().until(() -> gateway.workers() == 0);
        assertThat(statuses()).allMatch("not_sent"::equals);

        var reply = tenant.http().send(question()).ok();
        assertThat(Chat.report(reply).at("/tool_calls/0/status").asString()).isEqualTo("ok");
    }

    private Ask question() {
        return Ask.post("/v1/chat/completions", Chat.question("m"))
                .bearer(key)
                .with("Idempotency-Key", "k1");
    }

    /** Its approval is still there for the next attempt. */
    @ParameterizedTest
    @EnumSource(Face.class)
    void aCallWhoseApprovalIsLookedUpLeavesNoIntent(Face face) {
        var tenant = gateway.tenant();
        tenant.policy("rules: [{id: people, effect: require_approval, tools: [\"u2/wipe\"]}]");
        approve();
        try (var _ = hold()) {
            leave(face, LOOKUP_WAITS);
        }

        eventually().until(() -> gateway.workers() == 0);
        assertThat(intents()).isZero();
        assertThat(upstream.calls()).isEmpty();
        assertThat(FaultyPostgres.count(gateway.database(), CONSUMED)).isZero();
        assertThat(McpSession.open(tenant.http(), key).refusal("u2__wipe", "{}")).isEmpty();
        assertThat(upstream.calls()).hasSize(1);
    }

    private int intents() {
        return gateway.tenant().audit("kind=call.intent").size();
    }

    private List<String> statuses() {
        return gateway.tenant().audit("kind=call.outcome").stream()
                .map(it -> it.path("status").asString())
                .toList();
    }

    private FaultyPostgres.Held hold() {
        return FaultyPostgres.hold(
                gateway.database(), "lock table approval in access exclusive mode");
    }

    private void approve() {
        var mcp = McpSession.open(gateway.tenant().http(), key);
        var id =
                mcp.result("u2__wipe", "{}")
                        .at("/_meta/io.sallyport~1refusal/approvalId")
                        .asString();
        gateway.tenant()
                .admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"test\"}"))
                .ok();
    }

    /** Waits until the call hangs at the database, leaves, and waits until the gateway knows. */
    private void leave(Face face, String waits) {
        eventually().until(() -> gateway.workers() == 0);
        leave(begin(face), waits);
    }

    private void leave(Call call, String waits) {
        eventually().until(() -> FaultyPostgres.count(gateway.database(), waits) > 0);
        var before = gateway.workers();
        call.leave().run();
        eventually().until(() -> gateway.workers() < before);
    }

    /** A model that wants the tool to run. */
    private static final class Caller implements AutoCloseable {
        private static final byte[] ANSWER =
                """
                {"id":"c","object":"chat.completion","created":1,"model":"any","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"u2__wipe","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}
                """
                        .getBytes(UTF_8);

        private final HttpServer http;
        private volatile Runnable before = () -> {};

        Caller() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/v1/chat/completions", this::answer);
            http.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                before.run();
                exchange.getResponseHeaders().set("content-type", "application/json");
                exchange.sendResponseHeaders(200, ANSWER.length);
                exchange.getResponseBody().write(ANSWER);
            }
        }

        void before(Runnable action) {
            before = action;
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
