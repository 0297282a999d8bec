package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** E2. Pages of listed origins use the agents' interfaces; no page uses any other. */
@Timeout(240)
class CrossOriginTest {
    private static final String LISTED = "https://agents.example";
    private static final Scratch SCRATCH = Scratch.make();
    private static final String GREETING =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}";

    private static GatewayProcess process;
    private static Http http;
    private static String agent;
    private static String admin;

    @BeforeAll
    static void start() throws IOException {
        process =
                GatewayProcess.serve(
                        SCRATCH.path().resolve("data"),
                        Map.of("SALLYPORT_HTTP_ORIGINS", LISTED + ",http://app.example:3000"),
                        "--dev",
                        "--port",
                        "0");
        http = new Http(process.awaitUrl());
        agent = process.key("SALLYPORT_AGENT_KEY");
        admin = process.key("SALLYPORT_ADMIN_KEY");
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        process.stop();
        SCRATCH.delete();
    }

    private static Reply send(Ask ask, String origin) {
        return http.send(ask.with("origin", origin));
    }

    private static Ask preflight(String path) {
        return Ask.of("OPTIONS", path)
                .with("access-control-request-method", "POST")
                .with(
                        "access-control-request-headers",
                        "authorization,content-type, Mcp-Param-City,x-stainless-os,evil header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mcp",
                "/mcp/servers/x",
                "/mcp/toolsets/none",
                "/v1/models",
                "/v1/chat/completions",
                "/.well-known/oauth-protected-resource/mcp"
            })
    void aPreflightNeedsNoKey(String path) {
        var reply = send(preflight(path), LISTED);

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("access-control-allow-origin")).isEqualTo(LISTED);
        assertThat(reply.header("access-control-allow-methods")).contains("POST", "DELETE");
        assertThat(reply.header("access-control-allow-headers"))
                .isEqualTo("authorization, content-type, mcp-param-city, x-stainless-os");
        assertThat(reply.headers().allValues("vary")).contains("Origin");
        assertThat(reply.headers().map()).doesNotContainKey("access-control-allow-credentials");
    }

    @Test
    void anAnswerARefusalAndAMissingKeyAreAllReadable() {
        var greeted = send(Ask.post("/mcp", GREETING).bearer(agent), LISTED);
        var models = send(Ask.get("/v1/models").bearer(agent), "http://app.example:3000");
        var noKey = send(Ask.post("/mcp", GREETING), LISTED);
        var wrongKind = send(Ask.post("/mcp", GREETING).bearer(admin), LISTED);
        var unknown = send(Ask.get("/v1/nothing").bearer(agent), LISTED);

        assertThat(List.of(greeted, models, noKey, wrongKind, unknown))
                .extracting(Reply::status)
                .containsExactly(200, 200, 401, 403, 404);
        assertThat(models.header("access-control-allow-origin"))
                .isEqualTo("http://app.example:3000");
        for (var reply : List.of(greeted, noKey, wrongKind, unknown)) {
            assertThat(reply.header("access-control-allow-origin")).isEqualTo(LISTED);
            assertThat(reply.headers().allValues("vary")).contains("Origin");
            assertThat(reply.header("access-control-expose-headers"))
                    .contains("mcp-session-id", "www-authenticate", "x-request-id");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, 403",
        "null, 403",
        "*, 403",
        "https://agents.example.evil.example, 403",
        "https://agents.example:444, 403",
        "http://agents.example, 403",
        "http://localhost:3000, 401"
    })
    void anOriginThatIsNotListedReadsNothing(String origin, int status) {
        for (var ask : List.of(preflight("/mcp"), Ask.post("/mcp", GREETING))) {
            var reply = send(ask, origin);

            assertThat(reply.status()).as(ask.method()).isEqualTo(status);
            assertThat(reply.headers().map().keySet())
                    .noneMatch(it -> it.startsWith("access-control-"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/v1/keys", "/console", "/admin", "/readyz", "/%6dcp"})
    void otherPathsHaveNoSuchHeaders(String path) {
        for (var ask : List.of(preflight(path), Ask.get(path).bearer(admin))) {
            var reply = send(ask, LISTED);

            assertThat(reply.status()).isNotEqualTo(204);
            assertThat(reply.headers().map().keySet())
                    .noneMatch(it -> it.startsWith("access-control-"));
        }
    }
}
