package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.RouteInventory.Route;
import io.sallyport.cli.GatewayContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GatewayExtension.class)
class AuthenticationTest {
    /** Written down here again: what the application itself thinks is public proves nothing. */
    private static final Set<String> PUBLIC = Set.of("/", "/livez", "/readyz");

    private static final String METADATA = "/.well-known/oauth-protected-resource";

    private final RunningGateway gateway;

    AuthenticationTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    private Set<Route> routes() {
        return RouteInventory.of(GatewayContext.of(gateway.gateway()));
    }

    private static boolean isPublic(Route route) {
        return PUBLIC.contains(route.pattern()) || route.pattern().startsWith(METADATA);
    }

    @Test
    @DisplayName("AT-01 every route but the public ones answers 401 without a key")
    void noRouteIsOpen() {
        var guarded = routes().stream().filter(it -> !isPublic(it)).toList();

        assertThat(guarded)
                .hasSizeGreaterThan(30)
                .contains(
                        new Route("POST", "/mcp"),
                        new Route("POST", "/mcp/servers/{server}"),
                        new Route("POST", "/v1/chat/completions"),
                        new Route("POST", "/admin/v1/keys"))
                .allSatisfy(this::assertGuarded);
    }

    private void assertGuarded(Route route) {
        var reply = gateway.send(Ask.of(route.method(), route.path()));

        assertThat(reply.status()).as(route.toString()).isEqualTo(401);
        if (route.path().startsWith("/mcp")) {
            assertThat(reply.header("www-authenticate"))
                    .startsWith("Bearer ")
                    .contains("resource_metadata=\"" + gateway.url() + METADATA);
        }
    }

    @Test
    @DisplayName("AT-01 a path that leads nowhere tells nothing either")
    void unknownPathsAreGuardedToo() {
        for (var path : List.of("/actuator", "/admin", "/livez/x", "/livez;a", "/favicon.ico")) {
            assertThat(gateway.send(Ask.get(path)).status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void theProbesAreOpen() {
        PUBLIC.forEach(it -> assertThat(gateway.send(Ask.get(it)).status()).isEqualTo(200));
        assertThat(gateway.hasCredentialsFile()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer garbage-4711", "Bearer ", "Bearer", "Basic YTpi", "Bearer null"})
    @DisplayName("AT-02 what is no key opens nothing and is recorded without its text")
    void whatIsNoKeyOpensNothing(String authorization) {
        var tenant = gateway.newTenant("nokey");
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.serve("u1", upstream.endpoint());
            tenant.allow("*");
            var reply = callWith(authorization);

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("www-authenticate")).contains("error=\"invalid_token\"");
            assertThat(upstream.calls()).isEmpty();
            assertRecordedWithout("garbage-4711", "YTpi");
        }
    }

    @Test
    @DisplayName("AT-02 a well-formed key that nobody has, and one that was revoked, open nothing")
    void unknownAndRevokedKeysOpenNothing() {
        var tenant = gateway.newTenant("revoked");
        var created = tenant.newKey("{\"owner\":\"user:eve\"}");
        var key = created.path("key").asString();
        var wrong = key.substring(0, 30) + (key.charAt(30) == '0' ? '1' : '0') + key.substring(31);

        assertThat(callWith("Bearer " + wrong).status()).isEqualTo(401);
        assertThat(callWith("Bearer " + key).status()).isNotEqualTo(401);
        tenant.admin(Ask.of("DELETE", "/admin/v1/keys/" + created.path("id").asString())).ok();
        assertThat(callWith("Bearer " + key).status()).isEqualTo(401);
        assertRecordedWithout(key, wrong);
    }

    private Reply callWith(String authorization) {
        var call =
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"u1__echo"}}\
                """;
        return gateway.send(Ask.post("/mcp", call).with("authorization", authorization));
    }

    /** Failures are counted per source and minute: this one has a record of its own, or a share. */
    private void assertRecordedWithout(String... secrets) {
        var system = TenantDesk.existing(gateway.http(), gateway.platformKey(), "_system");
        var lately = Instant.now().minus(1, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MINUTES);
        await().untilAsserted(() ->
                assertThat(system.audit("kind=auth.failed&from=" + lately))
                        .anyMatch(it -> it.toString().contains("invalid")));
        assertThat(system.audit("").toString()).doesNotContain(secrets);
    }
}
