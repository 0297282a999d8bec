package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Use 22. A gateway as in production: plain http reaches what a platform admin permitted so and
 * nothing else, and servers of private authorities are believed where somebody said so.
 */
@Timeout(240)
class ProductionEgressTest {
    private static final Scratch SCRATCH = Scratch.make();
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final String SECRET = "s3cret-of-a-server";

    private static GatewayProcess gateway;
    private static Http http;
    private static String platformKey;
    private static PrivateAuthority house;
    private static PrivateAuthority other;
    private static ScriptedUpstream ofTheHouse;
    private static ScriptedUpstream ofTheOther;

    private TenantDesk tenant;

    @BeforeAll
    static void start() throws IOException, InterruptedException, GeneralSecurityException {
        house = PrivateAuthority.make(SCRATCH.path(), "house");
        other = PrivateAuthority.make(SCRATCH.path(), "other");
        ofTheHouse = ScriptedUpstream.secured(house.server("ip:127.0.0.1"), "echo");
        ofTheOther = ScriptedUpstream.secured(other.server("ip:127.0.0.1"), "echo");
        var environment =
                Map.of(
                        "SALLYPORT_SEAL_KEY", "ab".repeat(32),
                        "SALLYPORT_EGRESS_CABUNDLE", house.file().toString());
        var data = SCRATCH.path().resolve("data");
        platformKey = GatewayProcess.bootstrap(data, environment);
        gateway = GatewayProcess.serve(data, environment, "--port", "0");
        http = new Http(gateway.awaitUrl());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        ofTheHouse.close();
        ofTheOther.close();
        gateway.process().toHandle().destroy();
        assertThat(gateway.awaitEnd()).doesNotContain(SECRET);
        SCRATCH.delete();
    }

    @BeforeEach
    void tenant() {
        tenant = TenantDesk.create(http, platformKey, "egress-" + TENANTS.incrementAndGet());
    }

    /**
     * @param more members of {@code egress} beside the exception for the server's address
     */
    private Reply register(URI url, String more, String rest) {
        return tenant.admin(Ask.post("/admin/v1/servers", registration(url, more, rest)));
    }

    private static String registration(URI url, String more, String rest) {
        return """
        {"slug":"s","url":"%s","egress":{"allow":["127.0.0.1/32:%d"]%s}%s}\
        """
                .formatted(url, url.getPort(), more, rest);
    }

    private static String code(Reply reply) {
        return reply.status() == 201 ? "" : reply.json().path("code").asString();
    }

    @Test
    void plainHttpReachesWhatAPlatformAdminPermittedSo() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            assertThat(code(register(upstream.endpoint(), "", ""))).isEqualTo("scheme_not_allowed");
            assertThat(code(register(upstream.endpoint(), ",\"plain_http\":false", "")))
                    .isEqualTo("scheme_not_allowed");
            assertThat(upstream.heard()).isEmpty();

            var reply = register(upstream.endpoint(), ",\"plain_http\":true", "");

            assertThat(reply.status()).as(reply.body()).isEqualTo(201);
            assertThat(reply.json().at("/egress/plain_http").asBoolean()).isTrue();
            assertThat(tenant.audit("kind=catalog.registered").getFirst().toString())
                    .contains("plain_http");
            assertThat(tenant.admin(Ask.get("/admin/v1/posture")).json().path("plain_http"))
                    .hasSize(1);
        }
    }

    /** The rest is judged before the scheme, and a public address has no exception from it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.1.2.3:9/mcp|egress_denied",
                "http://[::1]:9/mcp|egress_denied",
                "http://no-such-name.invalid:9/mcp|egress_denied",
                "http://1.1.1.1:9/mcp|scheme_not_allowed",
                "http://[2606:4700:4700::1111]:9/mcp|scheme_not_allowed"
            })
    void plainHttpReachesNothingElse(String line) {
        var parts = line.split("\\|");
        var body =
                """
                {"slug":"s","url":"%s","egress":{"plain_http":true,
                 "allow":["127.0.0.1/32:9","1.1.1.1/32:9","2606:4700:4700::/48:9"]}}\
                """
                        .formatted(parts[0]);

        assertThat(code(tenant.admin(Ask.post("/admin/v1/servers", body)))).isEqualTo(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"plain_http\":true",
                ",\"plain_http\":true,\"plain_http_credential\":false",
                ",\"plain_http\":true,\"plain_http_credential\":true"
            })
    void aCredentialOverPlainHttpHasItsOwnFlag(String permitted) {
        var credential = ",\"credential\":{\"type\":\"bearer\",\"secret\":\"" + SECRET + "\"}";
        try (var upstream = ScriptedUpstream.listing("echo")) {
            var reply = register(upstream.endpoint(), permitted, credential);

            var isPermitted = permitted.contains("credential\":true");
            assertThat(code(reply)).isEqualTo(isPermitted ? "" : "scheme_not_allowed");
            assertThat(upstream.heard().isEmpty()).isEqualTo(!isPermitted);
        }
    }

    @Test
    void aCredentialIsNotAddedToPlainHttpLater() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            register(upstream.endpoint(), ",\"plain_http\":true", "").ok();

            var reply =
                    tenant.admin(
                            Ask.of("PATCH", "/admin/v1/servers/s")
                                    .json(
                                            "{\"credential\":{\"type\":\"bearer\",\"secret\":\""
                                                    + SECRET
                                                    + "\"}}"));

            assertThat(code(reply)).isEqualTo("scheme_not_allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"plain_http\":true",
                "\"plain_http\":true,\"plain_http_credential\":true",
                "\"ca_bundle\":\"-----BEGIN CERTIFICATE-----\"",
                "\"allow\":[\"127.0.0.1/32:9\"]"
            })
    void onlyAPlatformAdminPermits(String egress) {
        var boss = tenant.key("user:boss", "admin");
        var body =
                "{\"slug\":\"s\",\"url\":\"http://127.0.0.1:9/mcp\",\"egress\":{" + egress + "}}";

        assertThat(http.send(Ask.post("/admin/v1/servers", body).bearer(boss)).status())
                .isEqualTo(403);
    }

    @Test
    void aPlainHttpModelIsPermittedLikeAServer() {
        var url = URI.create("http://127.0.0.1:9/v1");
        assertThat(code(put(url, "", ""))).isEqualTo("scheme_not_allowed");
        assertThat(put(url, ",\"plain_http\":true", "").status()).isEqualTo(200);
        var key = ",\"api_key\":\"" + SECRET + "\"";
        assertThat(code(put(url, ",\"plain_http\":true", key))).isEqualTo("scheme_not_allowed");
        var both = ",\"plain_http\":true,\"plain_http_credential\":true";
        assertThat(put(url, both, key).status()).isEqualTo(200);
    }

    private Reply put(URI url, String more, String key) {
        return tenant.admin(
                Ask.put(
                        "/admin/v1/models/m",
                        """
                        {"targets":[{"provider":"openai","base_url":"%s","model":"x"%s,
                         "egress":{"allow":["127.0.0.1/32:9"]%s}}]}\
                        """
                                .formatted(url, key, more)));
    }

    /** The house's authority vouches for all servers, the other one only where it is named. */
    @Test
    void anAuthorityVouchesForAllServersOrForOne() throws Exception {
        assertThat(code(register(ofTheHouse.endpoint(), "", ""))).isEmpty();
        tenant.admin(Ask.of("DELETE", "/admin/v1/servers/s")).ok();
        assertThat(code(register(ofTheOther.endpoint(), "", ""))).isEqualTo("upstream_tls");

        assertThat(code(register(ofTheOther.endpoint(), bundle(other.pem()), ""))).isEmpty();

        tenant.admin(Ask.of("DELETE", "/admin/v1/servers/s")).ok();
        assertThat(code(register(ofTheHouse.endpoint(), bundle(other.pem()), "")))
                .as("one server's authority is its only one")
                .isEqualTo("upstream_tls");
        assertThat(code(register(ofTheHouse.endpoint(), bundle(house.pem() + other.pem()), "")))
                .isEmpty();
    }

    @Test
    void anAuthorityVouchesForTheNameAsWell() {
        var named = URI.create(ofTheHouse.endpoint().toString().replace("127.0.0.1", "localhost"));
        var body =
                """
                {"slug":"s","url":"%s","egress":{"allow":["127.0.0.1/32:%d","::1/128:%d"]}}\
                """
                        .formatted(named, named.getPort(), named.getPort());

        assertThat(code(tenant.admin(Ask.post("/admin/v1/servers", body))))
                .isIn("upstream_tls", "upstream_unreachable");
    }

    private static String bundle(String pem) {
        return ",\"ca_bundle\":" + JsonNodeFactory.instance.stringNode(pem);
    }

    /** One bundle that is none, and what is said of it. */
    record Bad(String pem, String told) {}

    static Stream<Bad> bad() throws IOException, GeneralSecurityException {
        var pem = other.pem();
        return Stream.of(
                new Bad("", "holds no certificate"),
                new Bad("hello", "holds no certificate"),
                new Bad(pem.replace("-----END CERTIFICATE-----", ""), "damaged or has no end"),
                new Bad(pem.replace("MII", "AAA"), "cannot be read: 1"),
                new Bad(pem + pem.replace("MII", "AAA"), "cannot be read: 2"),
                new Bad(pem + other.key(), "certificates and nothing else"),
                new Bad(pem.replace("BEGIN", "BEGIN X"), "damaged or has no end"),
                new Bad(pem + " ".repeat(70_000), "at most 64 KiB"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadBundleIsSaidToBeOne(Bad one) throws Exception {
        var reply = register(ofTheOther.endpoint(), bundle(one.pem()), "");

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().path("detail").asString())
                .startsWith("egress.ca_bundle ")
                .contains(one.told());
        assertThat(reply.body()).doesNotContain(other.key().substring(40, 60));
    }

    @Test
    void aBadFileStopsTheStart() throws IOException, InterruptedException {
        var file = java.nio.file.Files.writeString(SCRATCH.path().resolve("bad.pem"), "hello");
        var started =
                GatewayProcess.serve(
                        SCRATCH.path().resolve("bad"),
                        Map.of("SALLYPORT_EGRESS_CABUNDLE", file.toString()),
                        "--dev",
                        "--port",
                        "0");

        assertThat(started.awaitEnd())
                .contains("sallyport.egress.ca-bundle")
                .contains("holds no certificate");
    }
}
