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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** B10, use 1. A registration that fails says why, to whoever may know; the log always does. */
@ExtendWith(GatewayExtension.class)
class RegistrationTest {
    /** As a number of its own: ports and times may have the same digits. */
    private static final String STATUS = "\\b418\\b";

    private static final String GREETING =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"protocolVersion\":\"%s\","
                    + "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}}";

    private final TenantDesk tenant;
    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.of(404, ""));
    private final HttpServer server = server();

    RegistrationTest(RunningGateway gateway) {
        tenant = gateway.newTenant("why-not");
    }

    /** What a server answers to everything; {@code ID} stands for the id that it is asked with. */
    record Answer(int status, Map<String, String> headers, String body) {
        static Answer of(int status, String body) {
            return new Answer(status, Map.of("content-type", "text/plain"), body);
        }

        static Answer json(String body) {
            return new Answer(200, Map.of("content-type", "application/json"), body);
        }
    }

    private HttpServer server() {
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            var made = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
            made.createContext("/", this::handle);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        var asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var told = answer.get();
        var isJson = told.headers().containsValue("application/json");
        var id = isJson && !asked.isEmpty() ? Reply.parse(asked).path("id").toString() : "0";
        var body =
                asked.contains("tools/list")
                        ? "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[],\"nextCursor\":\"x\"}}"
                        : told.body();
        var bytes = body.replace("ID", id).getBytes(StandardCharsets.UTF_8);
        told.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI url(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    /** One cause, and what the platform's admin is told of it. */
    record Case(Answer answer, String code, String told) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(Answer.of(404, "Cannot POST /mcp"), "upstream_not_mcp", "status 404"),
                new Case(Answer.of(405, ""), "upstream_not_mcp", "status 405"),
                new Case(
                        Answer.of(401, "token expired"), "upstream_auth_required", "token expired"),
                new Case(Answer.of(403, "nope"), "upstream_auth_required", "status 403"),
                new Case(Answer.of(503, "asleep"), "upstream_unreachable", "asleep"),
                new Case(
                        new Answer(302, Map.of("location", "https://x.example/"), ""),
                        "upstream_not_mcp",
                        "status 302"),
                new Case(
                        new Answer(200, Map.of("content-type", "text/html"), "<p>hello"),
                        "upstream_not_mcp",
                        "neither JSON nor events"),
                new Case(
                        new Answer(
                                200,
                                Map.of(
                                        "content-type", "application/json",
                                        "content-encoding", "gzip"),
                                "x"),
                        "upstream_protocol_error",
                        "compresses"),
                new Case(
                        Answer.json(GREETING.formatted("1999-01-01")),
                        "upstream_version",
                        "1999-01-01"),
                new Case(
                        Answer.json(GREETING.formatted("2025-06-18")),
                        "upstream_list_too_large",
                        "more than is read"),
                new Case(
                        Answer.json(
                                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32603,\"message\":\"no backend\"}}"),
                        "upstream_protocol_error",
                        "no backend"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePlatformsAdminIsToldCauseStatusAndWords(Case one) {
        answer.set(one.answer());

        var reply = tenant.register("u1", url("http"));

        assertThat(reply.status()).as(reply.body()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).as(reply.body()).isEqualTo(one.code());
        assertThat(reply.json().path("detail").asString()).contains(one.told());
    }

    @Test
    void sevenCausesAreSevenAnswersAndSevenLines() {
        try (var log = LogLines.begin()) {
            var answers = new HashSet<String>();
            answers.add(tenant.register("w1", URI.create("http://127.0.0.1:1/mcp")).body());
            answers.add(register("w2", url("http"), "").body());
            answers.add(tenant.register("w3", url("https")).body());
            for (int status : List.of(404, 405, 401, 403)) {
                answer.set(Answer.of(status, ""));
                answers.add(tenant.register("w4-" + status, url("http")).body());
            }

            assertThat(answers).hasSize(7);
            var lines = log.with("registering " + tenant.id());
            assertThat(lines).hasSize(7);
            assertThat(lines.stream().map(it -> it.replaceAll(".*failed: ", "")).distinct())
                    .hasSize(7);
        }
    }

    private Reply register(String slug, URI url, String more) {
        return tenant.admin(
                Ask.post(
                        "/admin/v1/servers",
                        "{\"slug\":\"%s\",\"url\":\"%s\"%s}".formatted(slug, url, more)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9/mcp",
                "https://10.1.2.3/mcp",
                "https://169.254.169.254/latest",
                "https://[::1]:5432/",
                "https://no-such-name.invalid/mcp",
                "http://no-such-name.invalid/mcp",
                "https://user@host.example/mcp"
            })
    void whatMustNotBeAskedIsOneAnswer(String url) {
        var expected = register("x", URI.create("https://192.168.0.1/mcp"), "");

        var reply = register("x", URI.create(url), "");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body()).isEqualTo(expected.body());
        assertThat(reply.json().path("code").asString()).isEqualTo("egress_denied");
    }

    @Test
    void plainHttpToAPublicAddressIsToldAsThat() {
        var reply = register("x", URI.create("http://93.184.216.34/mcp"), "");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo("scheme_not_allowed");
    }

    @Test
    void aTenantsAdminLearnsTheClassOfWhatAnExceptionLeadsTo() {
        answer.set(Answer.json(GREETING.formatted("2025-06-18").replace("\"tools\":{}", "")));
        tenant.register("u1", url("http")).ok();
        answer.set(Answer.of(418, "secret-of-the-intranet"));
        var key = tenant.key("user:boss", "admin");

        var refreshed =
                tenant.http().send(Ask.post("/admin/v1/servers/u1/refresh", "").bearer(key));
        var shown = tenant.http().send(Ask.get("/admin/v1/servers/u1").bearer(key)).ok();

        assertThat(refreshed.status()).isEqualTo(422);
        assertThat(refreshed.body())
                .contains("upstream_not_mcp", "4xx")
                .doesNotContain("secret-of-the-intranet")
                .doesNotContainPattern(STATUS);
        assertThat(shown.body())
                .contains("4xx")
                .doesNotContain("secret-of-the-intranet")
                .doesNotContainPattern(STATUS);
        var whole = tenant.admin(Ask.get("/admin/v1/servers/u1")).ok();
        assertThat(whole.json().path("last_error").asString())
                .contains("418", "secret-of-the-intranet");
    }

    /** The past was judged by the address of now: without the exception, its words were shown. */
    @Test
    void whatAnExceptionLedToIsNotToldOnceTheExceptionIsGone() {
        answer.set(Answer.json(GREETING.formatted("2025-06-18").replace("\"tools\":{}", "")));
        tenant.register("u2", url("http")).ok();
        answer.set(Answer.of(418, "secret-of-the-intranet"));
        tenant.admin(Ask.post("/admin/v1/servers/u2/refresh", ""));
        var path = "/admin/v1/servers/u2";

        tenant.admin(Ask.of("PATCH", path).json("{\"egress\":{\"allow\":[]}}")).ok();

        var boss = tenant.key("user:boss", "admin");
        var shown = tenant.http().send(Ask.get(path).bearer(boss)).ok();
        assertThat(shown.body())
                .doesNotContain("secret-of-the-intranet")
                .doesNotContainPattern(STATUS);
        assertThat(shown.json().has("last_error")).isFalse();
    }

    @Test
    void noSecretOfOursComesBackInItsWords() {
        var secret = "s3cr3t-0123456789";
        answer.set(Answer.of(401, "bad token " + secret + " sent"));
        try (var log = LogLines.begin()) {
            var reply =
                    register(
                            "u9",
                            url("http"),
                            ",\"egress\":{\"allow\":[\"127.0.0.1/32:%d\"]},\"credential\":{\"type\":\"bearer\",\"secret\":\"%s\"}"
                                    .formatted(server.getAddress().getPort(), secret));

            assertThat(reply.body()).contains("bad token").doesNotContain(secret);
            assertThat(log.with("/u9")).isNotEmpty().noneMatch(it -> it.contains(secret));
        }
    }

    /** Use 5. */
    @Test
    void aServersStateIsToldAndItsChangesAreOneLineEach() {
        try (var upstream = ScriptedUpstream.listing("echo");
                var log = LogLines.begin()) {
            tenant.serve("u5", upstream.endpoint());
            assertThat(state("u5").path("state").asString()).isEqualTo("up");
            assertThat(state("u5").path("last_success").asString()).isNotEmpty();

            upstream.breaks("tools");
            for (int i = 0; i < 3; i++) {
                tenant.admin(Ask.post("/admin/v1/servers/u5/refresh", ""));
            }
            assertThat(state("u5").path("state").asString()).isEqualTo("degraded");
            assertThat(state("u5").path("last_error").asString())
                    .startsWith("upstream_protocol_error");
            assertThat(log.with(tenant.id() + "/u5 is degraded")).hasSize(1);

            upstream.tools("{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}");
            tenant.admin(Ask.post("/admin/v1/servers/u5/refresh", "")).ok();
            assertThat(state("u5").path("state").asString()).isEqualTo("up");
            assertThat(log.with(tenant.id() + "/u5 is up, was degraded")).hasSize(1);
        }
    }

    /** Use 5. */
    @Test
    void aServerThatIsGoneIsDownAndOneThatRefusesIsUnauthorised() {
        try (var log = LogLines.begin()) {
            try (var upstream = ScriptedUpstream.listing("echo")) {
                tenant.serve("u6", upstream.endpoint());
            }
            tenant.admin(Ask.post("/admin/v1/servers/u6/refresh", ""));
            assertThat(state("u6").path("state").asString()).isEqualTo("down");
            assertThat(log.with("/u6 is down, was up")).hasSize(1);

            answer.set(Answer.json(GREETING.formatted("2025-06-18").replace("\"tools\":{}", "")));
            tenant.register("u7", url("http")).ok();
            answer.set(Answer.of(401, ""));
            tenant.admin(Ask.post("/admin/v1/servers/u7/refresh", ""));
            assertThat(state("u7").path("state").asString()).isEqualTo("unauthorised");
            assertThat(state("u7").path("last_error").asString())
                    .startsWith("upstream_auth_required");
        }
    }

    private JsonNode state(String slug) {
        return tenant.admin(Ask.get("/admin/v1/servers/" + slug)).ok().json();
    }
}
