package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy before us might read as one request and we as two. */
@ExtendWith(GatewayExtension.class)
class SmuggledRequestTest {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private final RunningGateway gateway;
    private final String smuggled;

    SmuggledRequestTest(RunningGateway gateway) {
        this.gateway = gateway;
        smuggled =
                "GET /admin/v1/servers HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer "
                        + gateway.platformKey()
                        + "\r\n\r\n";
    }

    private void assertRefusedOnce(String head, String body) {
        for (var path : new String[] {"/mcp", "/v1/chat/completions", "/admin/v1/keys", "/nope"}) {
            var text =
                    "POST " + path + " " + head.replace("|", "\r\n") + "\r\n\r\n" + body + smuggled;
            var answer = RawConnection.exchange(gateway.url(), text);

            assertThat(answer.status()).as(head).isEqualTo(400);
            assertThat(answer.count()).as(answer.text()).isEqualTo(1);
            assertThat(answer.closed()).isTrue();
        }
    }

    private static final String PLAIN = "HTTP/1.1|Host: 127.0.0.1|Content-Type: application/json|";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 44|Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked|Content-Length: 5",
                "Content-Length: 46|Content-Length: 47",
                "Content-Length: 46|Content-Length: 46",
                "Content-Length: 46, 46",
                "Content-Length: +46",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding:| chunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked|Transfer-Encoding: identity",
                "X-A: a\nTransfer-Encoding: chunked",
                "X-A: a\rTransfer-Encoding: chunked",
                "X-A: a\0b",
            })
    @DisplayName("HP-12 headers that two servers could read differently are refused once")
    void ambiguousHeadersAreRefused(String headers) {
        assertRefusedOnce(PLAIN + headers, "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1"})
    @DisplayName("HP-12 a transfer encoding is known to HTTP/1.1 only")
    void otherVersionsHaveNoEncoding(String version) {
        assertRefusedOnce(version + "|Host: 127.0.0.1|Transfer-Encoding: chunked", "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n" + LIST + "\r\n0\r\n\r\n",
                "-1\r\n" + LIST + "\r\n0\r\n\r\n",
                "0x2e\r\n" + LIST + "\r\n0\r\n\r\n",
                "ffffffffffffffff\r\n" + LIST + "\r\n0\r\n\r\n",
                "2e\n" + LIST + "\n0\n\n",
                "2e;a\n" + LIST + "\r\n0\r\n\r\n",
                "2e\r\n" + LIST + "XX0\r\n\r\n",
            })
    @DisplayName("HP-12 a broken chunk ends the connection with one answer")
    void brokenChunksAreRefused(String body) {
        var answer = chunked(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.count()).isEqualTo(1);
        assertThat(answer.closed()).isTrue();
    }

    @Test
    @DisplayName("HP-12 a chunk extension and a trailer have limits")
    void oversizeFramingIsRefused() {
        var filler = "a".repeat(100_000);
        var extension = chunked("2e;" + filler + "\r\n" + LIST + "\r\n0\r\n\r\n");
        var trailer = chunked("2e\r\n" + LIST + "\r\n0\r\nX-A: " + filler + "\r\n\r\n");

        assertThat(extension.status()).isEqualTo(414);
        assertThat(trailer.status()).isEqualTo(431);
        assertThat(extension.count() + trailer.count()).isEqualTo(2);
    }

    private RawConnection.Answer chunked(String body) {
        var head =
                "POST /admin/v1/keys "
                        + PLAIN.replace("|", "\r\n")
                        + "Transfer-Encoding: chunked\r\nAuthorization: Bearer "
                        + gateway.platformKey()
                        + "\r\n\r\n";
        return RawConnection.exchange(gateway.url(), head + body + smuggled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://evil.example/v1/models",
                "GET http://127.0.0.1@evil.example/",
                "GET http://evil@127.0.0.1/v1/models",
                "GET http://127.0.0.1.evil.example/",
                "GET ftp://127.0.0.1/v1/models",
                "GET v1/models",
                "GET /v1/models#fragment",
                "CONNECT 127.0.0.1:22",
                "OPTIONS *",
                "PRI * HTTP/2.0 and"
            })
    @DisplayName("AT-14 a target that is not a path of ours is refused")
    void foreignTargetsAreRefused(String target) {
        var text = target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        var answer = RawConnection.exchange(gateway.url(), text + smuggled);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.count()).isEqualTo(1);
    }

    @Test
    void requestsThatFollowEachOtherAreAnsweredInOrder() {
        var live = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        var full = "GET http://127.0.0.1/livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        var last = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

        var answer = RawConnection.exchange(gateway.url(), live + full + last);

        assertThat(answer.text()).doesNotContain(" 400 ");
        assertThat(answer.count()).isEqualTo(3);
    }
}
