package io.sallyport.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.bridge.HeaderText;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What holds for whatever is given as the URL of a server, and as the value of a header. */
class EgressUrlFuzzTest {
    private static final FuzzInputs URLS =
            FuzzInputs.of(
                    List.of(
                            "https://example.com:8443/mcp?a=b",
                            "http://127.0.0.1:80/",
                            "HTTPS://[2001:db8::1]/x"),
                    List.of(
                            "user:pass@",
                            "@",
                            "#",
                            "\\",
                            "0x7f.1",
                            "2130706433",
                            "%00",
                            "%40",
                            ".",
                            ":0",
                            ":65536",
                            "//",
                            "\uff0e",
                            "\u3002",
                            "xn--",
                            "[::ffff:127.0.0.1]"));

    private static final FuzzInputs HEADERS =
            FuzzInputs.of(
                    List.of("plain text", "caf\u00e9 \ud83d\ude00", "=?base64?Y2Fmw6k=?="),
                    List.of("=?base64?", "?=", "=", "Y2Fm", "\t", "\r\n", "\u0000"));

    @Test
    void holdsForUrlsFromASeed() {
        URLS.check(getClass(), this::hasOneHostForEveryReader);
    }

    @FuzzTest
    void hasOneHostForEveryReader(byte[] input) {
        var url = FuzzInputs.text(input);
        switch (EgressUrl.read(url)) {
            case EgressUrl.Reading.Refused(var refusal) -> assertThat(refusal).isNotNull();
            case EgressUrl.Reading.Accepted(var uri) -> {
                assertThat(uri.getScheme()).isIn("http", "https");
                assertThat(uri.getHost()).isEqualTo(uri.getHost().toLowerCase(Locale.ROOT));
                assertThat(uri.getRawUserInfo()).isNull();
                assertThat(EgressUrl.read(uri.toString()))
                        .isEqualTo(new EgressUrl.Reading.Accepted(uri));
            }
        }
    }

    @Test
    void holdsForHeadersFromASeed() {
        HEADERS.check(getClass(), this::comesBackAsItWas);
    }

    @FuzzTest
    void comesBackAsItWas(byte[] input) {
        var text = FuzzInputs.text(input);
        HeaderText.decode(text);
        var header = HeaderText.encode(text);
        assertThat(header.chars()).allMatch(it -> it >= 0x20 && it < 0x7f);
        if (isWhole(text)) {
            assertThat(HeaderText.decode(header)).contains(text);
        }
    }

    /** A lone surrogate has no bytes to come back from. */
    private static boolean isWhole(String text) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
