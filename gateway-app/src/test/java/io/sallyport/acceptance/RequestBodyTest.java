package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GatewayExtension.class)
class RequestBodyTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final List<String> PATHS =
            List.of("/mcp", "/mcp/servers/u1", "/v1/chat/completions", "/v1/nope", "/nope");
    private static final String CALL =
            """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"u1__echo","arguments":%s}}\
            """;

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private String key;

    RequestBodyTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("bodies");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        key = tenant.agent();
    }

    @AfterEach
    void nothingRan() {
        assertThat(upstream.calls()).isEmpty();
        upstream.close();
    }

    private void assertRefused(Ask ask, int status, String code) {
        var reply = gateway.send(ask);

        assertThat(reply.status()).as(ask.path()).isEqualTo(status);
        assertThat(reply.body()).as(ask.path()).contains("\"" + code + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/jsonp",
                "application/json/x",
                "nonsense"
            })
    @DisplayName("AT-19 only JSON is read, and the rest is recorded")
    void otherTypesAreRefused(String type) {
        for (var path : PATHS) {
            var ask = Ask.post(path, CALL.formatted("{}")).bearer(key).with("content-type", type);
            assertRefused(ask, 415, "unsupported_media_type");
        }
        var admin =
                Ask.post("/admin/v1/keys", "{\"owner\":\"user:eve\"}").with("content-type", type);
        assertThat(tenant.admin(admin).status()).isEqualTo(415);
        assertRecorded("unsupported_media_type");
    }

    @Test
    @DisplayName("AT-19 a policy is YAML or JSON, nothing else is YAML")
    void onlyAPolicyIsYaml() {
        var yaml = Ask.put("/admin/v1/policies/current", "rules: []");
        var key = Ask.post("/admin/v1/keys", "owner: user:eve");

        assertThat(tenant.admin(yaml.with("content-type", "text/plain")).status()).isEqualTo(415);
        assertThat(tenant.admin(yaml.with("content-type", "application/yaml")).status())
                .isEqualTo(200);
        assertThat(tenant.admin(key.with("content-type", "application/yaml")).status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd", "deflate", "identity", "x, gzip"})
    @DisplayName("HP-15 an encoded body is never inflated")
    void encodedBodiesAreRefused(String encoding) {
        for (var path : PATHS) {
            var ask =
                    Ask.post(path, CALL.formatted("{}"))
                            .bearer(key)
                            .with("content-encoding", encoding);
            assertRefused(ask, 415, "unsupported_content_encoding");
        }
        assertRecorded("unsupported_content_encoding");
    }

    private void assertRecorded(String code) {
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .anyMatch(it -> it.toString().contains(code)));
    }

    @Test
    @DisplayName("HP-05 one byte more than a mebibyte is refused, announced or not")
    void aBodyOverTheLimitIsRefused() {
        var body = "\"" + "x".repeat(MEBIBYTE - 1) + "\"";
        for (var path : List.of("/mcp", "/nope")) {
            var announced = start(path, "Content-Length: " + body.length());
            announced.send(body);
            var chunked = start(path, "Transfer-Encoding: chunked");
            chunked.send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");

            assertTooLarge(announced);
            assertTooLarge(chunked);
        }
        assertRecorded("body_too_large");
    }

    private RawConnection start(String path, String framing) {
        var connection = RawConnection.to(gateway.url());
        connection.send(
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                .formatted(path)
                        + framing
                        + "\r\nAuthorization: Bearer "
                        + key
                        + "\r\n\r\n");
        return connection;
    }

    private static void assertTooLarge(RawConnection connection) {
        try (connection) {
            var answer = connection.rest();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).contains("body_too_large");
            assertThat(answer.closed()).isTrue();
        }
    }

    @Test
    @DisplayName("HP-05 64 MiB without an end are cut off within a second of the limit")
    void anEndlessBodyIsCutOff() {
        var chunk = new byte[MEBIBYTE];
        Arrays.fill(chunk, (byte) 'x');
        var connection = start("/mcp", "Transfer-Encoding: chunked");
        var begun = System.nanoTime();
        for (int sent = 0; sent < 64 && sendChunk(connection, chunk); sent++) {}

        assertTooLarge(connection);
        assertThat(System.nanoTime() - begun).isLessThan(3_000_000_000L);
    }

    private static boolean sendChunk(RawConnection connection, byte[] chunk) {
        return connection.sends("100000\r\n".getBytes(StandardCharsets.US_ASCII))
                && connection.sends(chunk)
                && connection.sends("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("HP-06 what is nested too deep is refused")
    void deepNestingIsRefused() {
        var deep = CALL.formatted("{\"a\":".repeat(65) + "1" + "}".repeat(65));
        for (var body : List.of(deep, "[".repeat(100_000))) {
            var reply = McpSession.open(gateway.http(), key).post(body);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("error").path("code").asInt()).isEqualTo(-32700);
            assertThat(reply.body()).contains("too deep");
        }
    }

    @Test
    @DisplayName("HP-08 a batch is refused")
    void batchesAreRefused() {
        var reply =
                McpSession.open(gateway.http(), key)
                        .post("[" + CALL.formatted("{}") + "," + CALL.formatted("{}") + "]");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("error").path("code").asInt()).isEqualTo(-32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "true", "LONG"})
    @DisplayName("HP-11 an id is a number or a short string")
    void oddIdsAreRefused(String id) {
        var text = id.equals("LONG") ? "\"" + "x".repeat(10_000) + "\"" : id;
        var reply =
                McpSession.open(gateway.http(), key)
                        .post(CALL.formatted("{}").replace("\"id\":1", "\"id\":" + text));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("error").path("code").asInt()).isEqualTo(-32600);
    }

    @Test
    @DisplayName("HP-11 a call without an id is not executed")
    void aCallWithoutAnIdIsNotExecuted() {
        var reply =
                McpSession.open(gateway.http(), key)
                        .post(CALL.formatted("{}").replace("\"id\":1,", ""));

        assertThat(reply.status()).isIn(202, 400);
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOnOrNot() {
        var refused =
                start("/mcp", "Content-Length: 10\r\nContent-Encoding: br\r\nExpect: 100-continue");
        var other = start("/mcp", "Content-Length: 10\r\nExpect: miracles");
        var accepted =
                start("/mcp", "Content-Length: 2\r\nConnection: close\r\nExpect: 100-continue");
        accepted.send("[]");

        assertThat(refused.rest().text()).startsWith("HTTP/1.1 415").doesNotContain("100 Continue");
        assertThat(other.rest().status()).isEqualTo(417);
        assertThat(accepted.rest().text()).startsWith("HTTP/1.1 100").contains("HTTP/1.1 400");
    }
}
