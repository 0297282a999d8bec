package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.RouteInventory.Route;
import io.sallyport.chat.ChatSchema;
import io.sallyport.cli.GatewayContext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path has is told by its answer to what it has not. */
@ExtendWith(GatewayExtension.class)
class MethodsTest {
    private static final Set<String> NEVER = Set.of("OPTIONS", "TRACE", "PROPFIND");
    private static final String METADATA = "/.well-known/oauth-protected-resource";

    private final RunningGateway gateway;
    private final String agent;

    MethodsTest(RunningGateway gateway) {
        this.gateway = gateway;
        agent = gateway.newTenant("methods").agent();
    }

    private Reply send(String method, String path) {
        var key = path.startsWith("/admin") ? gateway.platformKey() : agent;
        return gateway.send(Ask.of(method, path).bearer(key));
    }

    @Test
    void everyPathTellsItsMethods() {
        var routes = RouteInventory.of(GatewayContext.of(gateway.gateway()));
        var paths = routes.stream().map(Route::path).filter(MethodsTest::isOurs).distinct();
        for (var path : paths.toList()) {
            for (var method : NEVER) {
                var reply = send(method, path);
                assertThat(reply.status()).as(method + " " + path).isEqualTo(405);
                assertThat(reply.header("allow")).isNotEmpty().doesNotContain(method);
            }
        }
    }

    /** Not the framework's static files, of which there are none. */
    private static boolean isOurs(String path) {
        return !path.equals("/x") && !path.startsWith("/webjars");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE /admin/v1/keys: GET, POST",
                "PUT /admin/v1/servers/x: DELETE, GET, PATCH",
                "POST /v1/models: GET",
                "GET /admin/v1/servers/x/stop: POST",
                "GET /v1/chat/completions: POST",
                "POST /livez: GET"
            })
    void aWrongMethodIsToldTheRightOnes(String line) {
        var words = line.split("[ :]+", 3);
        var reply = send(words[0], words[1]);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).isEqualTo(words[2]);
        assertThat(reply.body()).contains("method_not_allowed", "this path has " + words[2] + ".");
    }

    @Test
    void aWrongMethodOfChatIsAnErrorOfItsSchema() {
        var reply = send("GET", "/v1/chat/completions");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(ChatSchema.ERROR.violations(reply.body())).isEmpty();
    }

    @Test
    void nobodyWithoutAKeyLearnsAMethod() {
        for (var path : List.of("/mcp", "/v1/models", "/admin/v1/keys", "/nope")) {
            var reply = gateway.send(Ask.of("OPTIONS", path));
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("allow")).isEmpty();
        }
    }

    @Test
    void aPreflightIsNotAnsweredByTheFramework() {
        var preflight =
                Ask.of("OPTIONS", "/mcp")
                        .bearer(agent)
                        .with("origin", "http://localhost")
                        .with("access-control-request-method", "POST");

        assertThat(gateway.send(preflight).status()).isEqualTo(405);
    }

    @Test
    void linesAndHeadersHaveLimits() {
        assertThat(send("GET", "/" + "a".repeat(20_000)).status()).isEqualTo(414);
        assertThat(gateway.send(Ask.get("/livez").with("x-a", "a".repeat(12_000))).status())
                .isEqualTo(200);
        assertThat(gateway.send(Ask.get("/livez").with("x-a", "a".repeat(20_000))).status())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/mcp", "/mcp/servers/x", "/mcp/toolsets/nobody-knows"})
    void theChallengeLeadsToTheMetadata(String resource) {
        var reply = gateway.send(Ask.get(METADATA + resource)).ok();

        assertThat(reply.json().path("resource").asString()).isEqualTo(gateway.url() + resource);
        assertThat(reply.json().path("bearer_methods_supported").toString())
                .isEqualTo("[\"header\"]");
        if (!resource.isEmpty()) {
            assertThat(gateway.send(Ask.post(resource, "{}")).header("www-authenticate"))
                    .contains("\"" + gateway.url() + METADATA + resource + "\"");
        }
    }

    @Test
    void otherPathsHaveNoMetadata() {
        assertThat(gateway.send(Ask.get(METADATA + "/admin/v1")).status()).isEqualTo(404);
        assertThat(gateway.send(Ask.get(METADATA + "x")).status()).isEqualTo(401);
    }
}
