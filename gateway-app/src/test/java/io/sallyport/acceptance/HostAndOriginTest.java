package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GatewayExtension.class)
class HostAndOriginTest {
    private static final List<String> REQUESTS =
            List.of(
                    "POST /mcp",
                    "POST /mcp/servers/x",
                    "GET /v1/models",
                    "GET /admin/v1/keys",
                    "GET /livez",
                    "GET /readyz",
                    "GET /.well-known/oauth-protected-resource/mcp",
                    "GET /nope");

    private final RunningGateway gateway;

    HostAndOriginTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    private List<Integer> statuses(String headers) {
        return REQUESTS.stream()
                .map(it -> it + " HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n")
                .map(it -> RawConnection.exchange(gateway.url(), it).status())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example",
        "null",
        "''",
        "http://localhost.evil.example",
        "http://evil.example@localhost",
        "file://localhost",
        "http://localhost:99999",
        "http://[::1"
    })
    @DisplayName("AT-12 a foreign origin is refused on every route")
    void foreignOriginsAreRefused(String origin) {
        assertThat(statuses("Host: 127.0.0.1\r\nOrigin: " + origin + "\r\n")).containsExactly(403);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000",
        "https://127.0.0.1",
        "http://[::1]:8080",
        "http://LOCALHOST"
    })
    @DisplayName("AT-12 a page of our own host gets past")
    void ownOriginsAreNot(String origin) {
        assertThat(statuses("Host: 127.0.0.1\r\nOrigin: " + origin + "\r\n")).doesNotContain(403);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 421",
        "localhost.evil.example, 421",
        "localhost., 421",
        "127.1, 421",
        "[0:0:0:0:0:0:0:1], 421",
        "user@localhost, 421",
        "localhost:99999, 421",
        "localhost:abc, 400",
        "localhost:, 400",
        "::1, 400",
        "'', 400"
    })
    @DisplayName("AT-14 a host that is not ours is refused on every route")
    void foreignHostsAreRefused(String host, int status) {
        assertThat(statuses("Host: " + host + "\r\n")).containsExactly(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::1",
                "[::1]]",
                "[[::1]]",
                "[::@]:80",
                "[::1]\u00ba80",
                "[::1%eth0]",
                "[]",
                "[::1]x:80",
                "local host",
                "local\"host",
                "localhost/x",
                "local%zzhost",
                "a:b:80",
                "l\u00f6cal"
            })
    @DisplayName(
            "AT-14 a host that is no part of a URI ends the connection, whose body is not awaited")
    void whatIsNoHostEndsTheConnection(String host) {
        var text = "POST /mcp HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 2\r\n\r\n{}";

        var answer = RawConnection.exchange(gateway.url(), text);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.closed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]", "[::1]:8080"})
    @DisplayName("AT-14 our own names are not, on any port")
    void ownHostsAreNot(String host) {
        assertThat(statuses("Host: " + host + "\r\n")).doesNotContain(400, 421);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "'Host: 127.0.0.1|Host: 127.0.0.1|'",
        "'Host: 127.0.0.1|Host: evil.example|'"
    })
    @DisplayName("AT-14 no host and two hosts are refused on every route")
    void exactlyOneHostIsRequired(String headers) {
        assertThat(statuses(headers.replace("|", "\r\n"))).containsExactly(400);
    }
}
