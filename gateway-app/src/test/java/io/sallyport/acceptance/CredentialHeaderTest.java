package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H22: a credential travels in a header that is nobody else's. */
@ExtendWith(GatewayExtension.class)
class CredentialHeaderTest {
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look");

    CredentialHeaderTest(RunningGateway gateway) {
        tenant = gateway.newTenant("headers");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "hOsT",
                "Transfer-Encoding",
                "Content-Length",
                "Content-Type",
                "Content-Encoding",
                "Connection",
                "Keep-Alive",
                "Proxy-Authorization",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "HTTP2-Settings",
                "Expect",
                "Mcp-Session-Id",
                "MCP-Protocol-Version",
                "Mcp-Param-x",
                "Mcp-Method",
                "Accept",
                "Accept-Encoding",
                "Cookie",
                "Set-Cookie",
                "traceparent",
                "tracestate",
                "Last-Event-ID",
                "Origin",
                "X-Forwarded-For",
                "X-Forwarded",
                "X-Forwarded-Host",
                "X-Forwarded-Proto",
                "X-Forwarded-Prefix",
                "Forwarded",
                "Via",
                "X-HTTP-Method-Override",
                "X-HTTP-Method",
                "X-Method-Override",
                "X-Original-URL",
                "X-Original-Host",
                "X-Rewrite-URL",
                "X-Real-IP",
                "X-Request-ID",
                "Idempotency-Key",
                "Priority",
                "True-Client-IP",
                "CF-Connecting-IP",
                "Fastly-Client-IP",
                "X-Client-IP",
                "Client-IP",
                "X-Cluster-Client-IP",
                "DO-Connecting-IP",
                "X-HTTP-Host-Override",
                "X-Http-Destination",
                "b3",
                "X-B3-TraceId",
                "x-b3-sampled",
                "Early-Data",
                "Cache-Control",
                "Pragma",
                "CDN-Loop"
            })
    void aHeaderThatSteersTheMessageIsRefusedByName(String name) {
        var reply = register(name, "s3cret");

        assertThat(reply.status()).isIn(400, 422);
        assertThat(reply.json().path("detail").asString()).contains(name).doesNotContain("s3cret");
        assertThat(tenant.admin(Ask.get("/admin/v1/servers/u1")).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {":authority", "a b", "a:b", "", "x\\r\\ny", "x\\u0000", "näme", "x_y/z"})
    void whatIsNoHeaderNameIsRefused(String name) {
        assertThat(register(name, "s3cret").status()).isIn(400, 422);
    }

    @Test
    void aValueThatEndsItsLineIsRefused() {
        for (var value :
                List.of("a\\r\\nHost: b", "a\\nb", "a\\rb", "a\\u0000b", "a\\tb", "", " a")) {
            assertThat(register("X-Api-Key", value).status()).as(value).isIn(400, 422);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Api-Key", "Authorization", "PRIVATE-TOKEN", "Hostess", "X-Client-Id"})
    void aHeaderOfItsOwnIsTaken(String name) {
        assertThat(register(name, "s3cret").status()).isEqualTo(201);
    }

    private Reply register(String name, String secret) {
        return tenant.admin(
                Ask.post(
                        "/admin/v1/servers",
                        """
                        {"slug":"u1","url":"%s","egress":{"allow":["127.0.0.1/32:%d"]},
                         "credential":{"type":"header","name":"%s","secret":"%s"}}\
                        """
                                .formatted(
                                        upstream.endpoint(),
                                        upstream.endpoint().getPort(),
                                        name,
                                        secret)));
    }
}
