package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign text (errors.md): what a peer said, as everybody may read it. */
class PeerTextTest {
    private static final String SECRET = "Zk/9+p? q\"x";
    private static final PeerText RENDERER =
            PeerText.of(List.of(SECRET, "Bearer plain-credential", "ab"));
    private static final PeerText SHAPES = PeerText.of(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 8192 tokens. However, you requested 9000"
                        + " tokens.",
                "Invalid 'messages[1].content': string too long. Expected 10, got 12.",
                "messages.0.content.1.text: Field required",
                "Unsupported parameter: 'max_tokens' is not supported with this model.",
                "The model `Qwen3-Coder-480B-A35B-Instruct-FP8` does not exist",
                "ENOENT: no such file or directory, open '/srv/notes/a.txt'",
                "TypeError: std::string has no node.js at 10:45:12 :: v1.2.3",
                "project is not found; the account owner must ask an organization admin",
                "code: 400, max:30000, Limit 30000, Used 29000, request req_011CSHoEeqs5C35K2UUq",
                "Größe überschritten: 東京"
            })
    void leavesOrdinaryWordsAlone(String words) {
        assertThat(RENDERER.render(words)).isEqualTo(words);
    }

    @Test
    void takesTheSecretsOfThePeerOutHoweverTheyAreWritten() {
        var encoded = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        for (var spelling :
                List.of(
                        SECRET,
                        encoded,
                        encoded.replace("%2F", "%2f").replace("+", "%20"),
                        "Zk\\/9+p? q\\\"x",
                        "\\u005ak/9+p?\\u0020q\"x",
                        "plain-credential")) {
            assertThat(RENDERER.render("<" + spelling + ">")).isEqualTo("<[redacted]>");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wrong password Hunter2-Long for svc",
                "login svc:Hunter2-Long failed",
                "login svc%3AHunter2-Long failed",
                "got Basic c3ZjOkh1bnRlcjItTG9uZw==",
                "got c3ZjOkh1bnRlcjItTG9uZw",
                "<b>Hunter2&#45;Long</b>"
            })
    void knowsWhatABasicCredentialSays(String said) {
        var credential = "c3ZjOkh1bnRlcjItTG9uZw==";
        for (var basic : List.of("Basic ", "basic  ", " BASIC ")) {
            assertThat(PeerText.of(List.of(basic + credential)).render(said))
                    .contains("[redacted]")
                    .doesNotContain("Hunter2", "c3Zj");
        }
    }

    /** A short name of a user is an ordinary word, and what is no pair is one secret. */
    @Test
    void takesOutOfABasicCredentialWhatIsSecret() {
        assertThat(basic("svc:Hunter2-Long").render("no svc here")).isEqualTo("no svc here");
        assertThat(basic("robot-account-7:pw:12").render("robot-account-7 said pw:12"))
                .isEqualTo("[redacted] said [redacted]");
        assertThat(basic("only-a-token").render("bad only-a-token")).isEqualTo("bad [redacted]");
        assertThat(basic("svc:grün-Sésam").render("grün-Sésam?")).isEqualTo("[redacted]?");
        assertThat(PeerText.of(List.of("Basic no*base64")).render("Basic no*base64 x"))
                .isEqualTo("[redacted] x");
    }

    private static PeerText basic(String pair) {
        var bytes = pair.getBytes(StandardCharsets.UTF_8);
        return PeerText.of(List.of("Basic " + Base64.getEncoder().encodeToString(bytes)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a&amp;b&lt;c&gt;d&quot;e'f",
                "a&#38;b&#60;c&#62;d&#34;e&#39;f",
                "a&#x26;b&#x3C;c&#X3e;d&#x22;e&apos;f",
                "a&b&LT;c>d&#0034;e'f",
                "&#97;&amp;b<c>d\\\"e'f"
            })
    void takesSecretsOutThatAPageShows(String escaped) {
        assertThat(PeerText.of(List.of("a&b<c>d\"e'f")).render("bad [" + escaped + "]"))
                .isEqualTo("bad [[redacted]]");
    }

    /** A secret may look like an escape itself. */
    @Test
    void takesAnEscapeForWhatTheSecretSays() {
        assertThat(PeerText.of(List.of("x&amp;yz&#38;")).render("x&amp;yz&#38;!"))
                .isEqualTo("[redacted]!");
        assertThat(PeerText.of(List.of("x&yz;12")).render("x&yz;12!")).isEqualTo("[redacted]!");
    }

    @Test
    void findsASecretInsideSomethingElseInBase64() {
        var bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        for (var before : List.of("", "u", "me", "you", "user:")) {
            var whole = (before + SECRET + "tail").getBytes(StandardCharsets.UTF_8);
            for (var base64 : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                var shown = RENDERER.render("got " + base64.encodeToString(whole));
                assertThat(shown).contains("[redacted]");
                assertThat(shown).doesNotContain(base64.encodeToString(bytes).substring(4, 12));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-aB3dE6gH9jK2mN5pQ8sT",
                "sk-ant-api03-abcdefgh12345678",
                "sk-abcde********wxyz",
                "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
                "github_pat_11ABCDEFG0abcdefghijkl_mnop",
                "xoxb-123456789012-abcdefABCDEF",
                "AKIAIOSFODNN7EXAMPLE",
                "AIzaSyA1234567890abcdefghijklmnopqrstu",
                "hf_abcdefgh1234567890ijkl",
                "gsk_1234567890abcdefghijklmn",
                "sk_live_51H8abcdefghijkl",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                "0123456789abcdef0123456789abcdef",
                "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K",
                "-----BEGIN RSA PRIVATE KEY----- MIIEow IBAAKCAQ== -----END RSA PRIVATE KEY-----"
            })
    void takesKeysOut(String key) {
        assertThat(SHAPES.render("Incorrect API key provided: " + key + " , see there"))
                .isEqualTo("Incorrect API key provided: [key] , see there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in organization org-AbCdEf123456 on tokens | in organization [id] on tokens",
                "project_id: my-prod is off | project_id: [id] is off",
                "Project `acme-prod` has no access | Project `[id]` has no access",
                "billing account 012345-6789AB-CDEF01 | billing account [id]",
                "on projects/4711/locations/eu | on projects/[id]/locations/eu",
                "arn:aws:bedrock:eu-west-1:123456789012:x/y is not | [id] is not",
                "user-AbCdEfGh0123456789 of proj_9AbCdEfGhIjK | [id] of [id]",
                "Subscription 6f1c9a50-1111-4222-8333-944444444444 ended | Subscription [id] ended",
            })
    void takesIdsOfOrganisationsAndProjectsOut(String said, String shown) {
        assertThat(SHAPES.render(said)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "see https://platform.openai.com/account?x=1 for more | see [url] for more",
                "redis://:pw@cache:6379/0 refused | [url] refused",
                "https:\\/\\/internal\\/a | [url]",
                "getaddrinfo ENOTFOUND db-primary now | getaddrinfo ENOTFOUND [address] now",
                "connect ECONNREFUSED 10.1.2.3:5432 | connect ECONNREFUSED [address]",
                "connect ECONNREFUSED ::1:443 | connect ECONNREFUSED [address]",
                "at [fe80::1%eth0]:8080 and 2001:db8:0:0:0:0:0:1 | at [address] and [address]",
                "::ffff:10.0.0.1 | [address]",
                "host api.internal.acme.com:8443/v1/x failed | host [address] failed",
                "could not translate host name 'db' to | could not translate host name '[address]' to",
                "HTTPConnectionPool(host=vllm, port=80) | HTTPConnectionPool(host=[address], port=80)",
                "dial tcp: lookup mongo on 10.0.0.2:53: no | dial tcp: lookup [address] on [address]: no",
                "connect to redis:6379 failed on localhost:80 | connect to [address] failed on [address]",
                "ask ops@acme.example or ada.l@example.com | ask [address] or [address]",
            })
    void takesUrlsAndAddressesOut(String said, String shown) {
        assertThat(SHAPES.render(said)).isEqualTo(shown);
    }

    @Test
    void isOneLineWithoutHiddenCharacters() {
        assertThat(SHAPES.render(" a\r\n\tb\u200b\u202ec\u0000 \ud800 "))
                .isEqualTo("a b\\u200b\\u202ec\\u0000 \\ud800");
    }

    @Test
    void isNeverLongerThanPermitted() {
        assertThat(SHAPES.render("x".repeat(500))).hasSize(500).doesNotContain("…");
        assertThat(SHAPES.render("y ".repeat(10_000))).hasSize(500).endsWith("…");
        assertThat(SHAPES.render("\u200b".repeat(10_000)).length()).isEqualTo(500);
        assertThat(SHAPES.render("🙂".repeat(10_000)).length()).isLessThanOrEqualTo(500);
        assertThat(SHAPES.render("a long story about nothing", 10)).isEqualTo("a long st…");
    }

    @Test
    void cutsNoSecretInTwo() {
        var secret = "s3cret-of-the-provider-that-is-long";
        var renderer = PeerText.of(List.of(secret));
        for (int before = 8 * 1024 - 40; before < 8 * 1024 + 5; before++) {
            var url = "https://e.example/" + "u".repeat(before - 20) + " ";
            assertThat(renderer.render(url + secret)).doesNotContain("s3cret");
        }
    }

    @Test
    @Timeout(20)
    void costsNoMoreForLongTexts() {
        for (var piece :
                List.of("a", "a.", "1.", ":", "sk-", "host=", "%", "&", "&#", "&#1", "\\u", "org ", "@a", "{")) {
            assertThat(RENDERER.render(piece.repeat(4_000_000)).length()).isLessThanOrEqualTo(500);
        }
    }
}
