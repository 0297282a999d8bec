package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Use 13. What is said of a model can be changed, and its key never follows to another origin. */
@ExtendWith(GatewayExtension.class)
class ChangedModelTest {
    private static final String KEY = "provider-key";
    private static final String OTHER = "an0ther-provider-key";

    private final TenantDesk tenant;
    private final Provider here = new Provider();
    private final Provider there = new Provider();
    private Chat chat;

    ChangedModelTest(RunningGateway gateway) {
        tenant = gateway.newTenant("models-move");
    }

    /** A provider that writes down which key it is shown. */
    private static final class Provider {
        private final HttpServer server;
        private final List<String> keys = new CopyOnWriteArrayList<>();

        Provider() {
            try {
                var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
                server.createContext("/", this::answer);
                server.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void answer(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
            var body =
                    """
                    {"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                     "message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,
                     "finish_reason":"stop"}]}\
                    """
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        int port() {
            return server.getAddress().getPort();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + port() + "/v1");
        }
    }

    @BeforeEach
    void put() {
        var body =
                """
                {"targets":[{"provider":"openai","base_url":"%s","model":"big","api_key":"%s",
                 "egress":{"allow":["127.0.0.1/32:%d","127.0.0.1/32:%d"]}}],"limits":{"rounds":3}}\
                """
                        .formatted(here.url(), KEY, here.port(), there.port());
        tenant.admin(Ask.put("/admin/v1/models/m", body)).ok();
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        here.server.stop(0);
        there.server.stop(0);
    }

    private Reply change(String body) {
        return tenant.admin(Ask.of("PATCH", "/admin/v1/models/m").json(body));
    }

    private Reply target(String members) {
        return change("{\"targets\":[{" + members + "}]}");
    }

    private static boolean isKeySet(Reply model) {
        return model.json().at("/targets/0/api_key/set").asBoolean();
    }

    private static String baseUrl(Object url) {
        return "\"base_url\":\"" + url + "\"";
    }

    @Test
    void aKeyStaysBehindWhenItsTargetMoves() {
        var moved = target(baseUrl(there.url())).ok();

        assertThat(isKeySet(moved)).isFalse();
        chat.ask("m").ok();
        assertThat(there.keys).containsExactly("null");
        assertThat(isKeySet(target(baseUrl(here.url())).ok())).isFalse();
    }

    @Test
    void aKeyThatComesWithTheMoveIsTheOnlyOneThatIsShown() {
        assertThat(isKeySet(target(baseUrl(there.url()) + ",\"api_key\":\"" + OTHER + "\"").ok()))
                .isTrue();

        chat.ask("m").ok();

        assertThat(there.keys).containsExactly("Bearer " + OTHER);
        assertThat(here.keys).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"model\":\"small\"",
                "\"base_url\":\"HTTP://127.0.0.1:%d/v1\"",
                "\"base_url\":\"http://127.0.0.1:%d/openai/v1\"",
                "\"provider\":\"openai\"",
                ""
            })
    void aKeyStaysWithinItsOrigin(String members) {
        assertThat(isKeySet(target(members.formatted(here.port())).ok())).isTrue();

        chat.ask("m").ok();

        assertThat(here.keys).containsExactly("Bearer " + KEY);
    }

    @Test
    void aKeyIsReplacedAndTakenAway() {
        target("\"api_key\":\"" + OTHER + "\"").ok();
        chat.ask("m").ok();
        assertThat(isKeySet(target("\"api_key\":null").ok())).isFalse();
        chat.ask("m").ok();

        assertThat(here.keys).containsExactly("Bearer " + OTHER, "null");
        assertThat(tenant.audit("kind=config.changed").toString()).doesNotContain(KEY, OTHER);
    }

    @Test
    void theRestStaysAsItWas() {
        var changed = change("{\"limits\":{\"calls_per_run\":5}}").ok().json();

        assertThat(changed.at("/limits/rounds").asInt()).isEqualTo(3);
        assertThat(changed.at("/limits/calls_per_run").asInt()).isEqualTo(5);
        assertThat(changed.at("/targets/0/base_url").asString()).isEqualTo(here.url().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://10.1.2.3/v1|egress_denied",
                "http://127.0.0.1:9/v2|invalid_request",
                "https://user@127.0.0.1/v1|egress_denied",
                "http://1.1.1.1/v1|scheme_not_allowed",
                "http://127.0.0.1:9/v1|egress_denied"
            })
    void aPlaceThatMustNotBeAskedChangesNothing(String line) {
        var parts = line.split("\\|");

        var reply = target(baseUrl(parts[0]) + ",\"api_key\":\"" + OTHER + "\"");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo(parts[1]);
        chat.ask("m").ok();
        assertThat(here.keys).containsExactly("Bearer " + KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"targets\":[]}",
                "{\"targets\":[{},{}]}",
                "{\"targets\":[{\"key\":\"x\"}]}"
            })
    void aListThatDoesNotSayAllTargetsIsAMistake(String body) {
        assertThat(change(body).status()).isEqualTo(400);
    }

    @Test
    void anUnknownAliasStaysUnknown() {
        var reply = tenant.admin(Ask.of("PATCH", "/admin/v1/models/none").json("{}"));

        assertThat(reply.status()).isEqualTo(404);
    }
}
