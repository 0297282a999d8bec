package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that is no URI is refused at once, also behind a request that is still at work. */
@ExtendWith(GatewayExtension.class)
class RequestTargetTest {
    private final RunningGateway gateway;

    RequestTargetTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a|b",
                "/a%zz",
                "/a%2",
                "/a[b]",
                "/a\\b",
                "/a^b",
                "/{server}",
                "/a`b",
                "/a\"b",
                "/<a>",
                "/mcp?x=%",
                "/mcp?x=a|b",
                "/\u00e9"
            })
    void aTargetThatIsNoUriIsRefusedAndTheConnectionEnds(String target) {
        var good = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        var bad = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

        var alone = RawConnection.exchange(gateway.url(), bad);
        var behind = RawConnection.exchange(gateway.url(), good + bad);

        assertThat(alone.status()).isEqualTo(400);
        assertThat(alone.closed()).isTrue();
        assertThat(behind.count()).as(behind.text()).isEqualTo(2);
        assertThat(behind.closed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez?a[]=1", "/livez?q=a%20b", "/livez?x=a+b,c;d@e:f$g!h~i*j(k)'"})
    void unusualUrisAreStillUris(String target) {
        var text = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

        assertThat(RawConnection.exchange(gateway.url(), text).status()).isEqualTo(200);
    }
}
