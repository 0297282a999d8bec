package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalUriTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Stream<String> readable() {
        return Stream.of(
                "test://static-text",
                "test://template/123/data",
                "demo://resource/dynamic/text/1",
                "file:///handbook/a%20b.md",
                "file:///handbook/",
                "file:///",
                "file://share/handbook/a.md",
                "postgres://user@host/db/schema",
                "postgres://db.example:5433/orders",
                "note://x",
                "note://42",
                "note:///caf%C3%A9",
                "note://caf%C3%A9/x",
                "note:///%F0%9F%98%80",
                "note://topics/C%23",
                "note://rate/100%25",
                "note://rate/100%25%20of",
                "note://a/%5Bb%5D%22%3C%3E%5E%60%7B%7C%7D",
                "note://a/(b)!$&'*+,;=:@~_.-",
                "str:abc",
                "str:a/b/",
                "urn:isbn:123",
                "mailto:ada@example.org",
                "https://example.org/",
                "https://example.org/a?b=c/d//e",
                "https://example.org/a?b=c?d&e:@=%20%23",
                "https://example.org:8443/a",
                "https://127.0.0.1/a",
                "ftp://example.org:80/a",
                "memo://insights/...three-dots");
    }

    @ParameterizedTest
    @MethodSource("readable")
    void whatPeopleWriteIsCanonical(String uri) {
        assertThat(ResourceUri.mayBeAskedFor(uri)).isTrue();
        assertThat(ResourceUri.isCanonical(uri)).isTrue();
    }

    @Test
    @DisplayName("AR-06 canonical URIs that are not equal mean different resources")
    void noTwoCanonicalUrisMeanTheSame() {
        var meanings = new HashMap<String, String>();
        readable()
                .forEach(uri ->
                        assertThat(meanings.put(ResourceUri.meaning(uri), uri)).as(uri).isNull());
    }

    @DisplayName("AR-06 no other spelling of a resource is canonical")
    @ParameterizedTest
    @ValueSource(
            strings = {
                // delimiters of the path
                "file:///handbook/a%2Fb",
                "file:///handbook/a%2fb",
                "file:///handbook%2Fa%20b.md",
                "file:///handbook/a%5Cb",
                "file:///handbook/a%5cb",
                "file:///handbook/a\\b",
                "file:///handbook/a%3Fb",
                "file:///handbook/a?b%2Fc",
                // empty segments
                "file:////handbook/a.md",
                "file:///handbook//a.md",
                "file:///handbook/a.md//",
                "note://x//",
                "note://x//?a",
                "str:a//b",
                // dot segments
                "file:///handbook/../a",
                "file:///handbook/./a",
                "file:///handbook/.%2E/a",
                "file:///handbook/%2e%2e/a",
                "file:///handbook/%252E%252E/a",
                "file:///handbook/..",
                // encodings
                "note:///caf%c3%a9",
                "note:///caf%C3%a9",
                "note:///a%5b",
                "note:///%61",
                "note:///%41",
                "note:///%31",
                "note:///%2D",
                "note:///%2E",
                "note:///%5F",
                "note:///%7E",
                "note:///a%21",
                "note:///a%24",
                "note:///a%26",
                "note:///a%27",
                "note:///a%28",
                "note:///a%29",
                "note:///a%2A",
                "note:///a%2B",
                "note:///a%2C",
                "note:///a%3B",
                "note:///a%3D",
                "note:///a%3A",
                "note:///a%40",
                "note:///?a%26b",
                "note:///?a%3Db",
                "note:///?a%3Fb",
                "note:///?a%2Bb",
                "note:///a%2541",
                "note:///a%25e9",
                "note:///?a%2541",
                "note:///%",
                "note:///%2",
                "note:///%2G",
                "note:///%%20",
                // what is in no URI
                "note:///日本",
                "note:///é",
                "note:///a b",
                "note:///a\tb",
                "note:///a\nb",
                "note:///a\u0000",
                "note:///a\u007f",
                "note:///a\"",
                "note:///<a>",
                "note:///a[0]",
                "note:///a^b",
                "note:///a`b",
                "note:///{a}",
                "note:///a|b",
                "note:///?a=[b]",
                "note:///?a={b}",
                "note:///?é",
                // encodings of what is no text
                "note:///%00",
                "note:///%01",
                "note:///%1F",
                "note:///%0A",
                "note:///%7F",
                "note:///%C2%80",
                "note:///%80",
                "note:///%FF",
                "note:///%C3",
                "note:///%C3/%A9",
                "note:///%C3a",
                "note:///%C0%AF",
                "note:///%C1%A1",
                "note:///%E0%80%AF",
                "note:///%F0%80%80%AF",
                "note:///%ED%A0%80",
                "note:///%ED%A0%BD%ED%B8%80",
                "note:///%F4%90%80%80",
                "note:///%F8%88%80%80%80",
                "note:///%E2%80%AE",
                "note:///%E2%80%8B",
                "note:///%EF%BB%BFa",
                "note:///cafe%CC%81",
                // scheme and host
                "Note://x",
                "NOTE://x",
                "HTTPS://example.org/",
                "https://Example.org/",
                "https://example.ORG/",
                "note://X",
                "note://caf%C3%89",
                "note://%78",
                "https://example.org./a",
                "note://x.",
                "note://x./y",
                "https://ex%C3%A4mple.org/",
                "https://2130706433/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://127.0.0.0x1/",
                "https://127.0.0.256/",
                "https://[::1]/",
                "https://[0:0:0:0:0:0:0:1]/",
                "file://localhost/handbook/a.md",
                "file://LOCALHOST/handbook/a.md",
                // ports
                "http://example.org:80/",
                "https://example.org:443/",
                "ws://example.org:80/",
                "wss://example.org:443/",
                "ftp://example.org:21/",
                "https://example.org:/",
                "note://x:",
                "note://x:/y",
                "https://example.org:08443/",
                "https://example.org:0443/",
                "https://example.org:0/",
                "https://example.org:65979/",
                "https://example.org:4294967739/",
                "https://example.org:8443a/",
                "https://example.org:+8443/",
                "https://example.org:%38443/",
                "https://example.org:1:2/",
                "note://:80/",
                // users
                "postgres://a@b@host/db",
                "postgres://@host/db",
                "postgres://user@/db",
                "postgres://user:secret@host/db",
                "postgres://user:@host/db",
                "postgres://a%40b@host/db",
                "postgres://user%40host/db",
                "postgres://user%3Asecret@host/db",
                "https://example.org\\@evil.example/",
                "https://example.org%5C@evil.example/",
                "https://example.org%2F@evil.example/",
                "https://example.org%23@evil.example/",
                // one of two ways to say nothing
                "https://example.org",
                "https://example.org?a",
                "note://x/",
                "note://x/?a",
                "note://",
                "note://?a",
                "note:/x",
                "file:/handbook/a.md",
                "file:handbook/a.md",
                "https:example.org",
                "https:/example.org",
                "https:///example.org",
                "https://example.org/?",
                "note://x?",
                "note://x#",
                "note://x#part",
                "https://example.org/a?b#c",
                // no URI
                "",
                "note:",
                "note",
                "//x",
                "/x",
                ":x",
                " note://x",
                "note://x "
            })
    void otherSpellingsAreNotCanonical(String uri) {
        assertThat(ResourceUri.isCanonical(uri)).isFalse();
    }

    @DisplayName("AR-06 whichever character is encoded, what comes out is not canonical")
    @ParameterizedTest
    @MethodSource("readable")
    void noCharacterMayBeEncodedInstead(String uri) {
        for (int at = 0; at < uri.length(); at++) {
            var encoded = "%" + HEX.toHexDigits((byte) uri.charAt(at));
            var upper = uri.substring(0, at) + encoded + uri.substring(at + 1);
            var lower =
                    uri.substring(0, at) + encoded.toLowerCase(Locale.ROOT) + uri.substring(at + 1);

            assertThat(ResourceUri.isCanonical(upper)).as(upper).isFalse();
            assertThat(ResourceUri.isCanonical(lower)).as(lower).isFalse();
        }
    }

    @DisplayName("AR-06 whichever byte is put in, what comes out means another or is read alike")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "note:///caf%C3%A9",
                "postgres://user@host/db",
                "str:a/b/",
                "https://example.org:8443/a?b=c/d//e",
                "note://rate/100%25"
            })
    void noByteMayBePutIn(String uri) {
        for (int at = 0; at <= uri.length(); at++) {
            for (int octet = 0; octet <= 0xFF; octet++) {
                var text = new String(new byte[] {(byte) octet}, StandardCharsets.ISO_8859_1);
                assertNoTwin(uri, uri.substring(0, at) + text + uri.substring(at));
                var encoded = "%" + HEX.toHexDigits((byte) octet);
                assertNoTwin(uri, uri.substring(0, at) + encoded + uri.substring(at));
            }
        }
    }

    private static void assertNoTwin(String uri, String other) {
        if (ResourceUri.isCanonical(other)
                && ResourceUri.meaning(other).equals(ResourceUri.meaning(uri))) {
            assertThat(ResourceUri.readings(other))
                    .as(other)
                    .containsAnyElementsOf(ResourceUri.readings(uri));
        }
    }

    @DisplayName("AR-06 all spellings of a resource have one meaning")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS://example.org/a/b?c=d",
                "https://Example.ORG/a/b?c=d",
                "https://example.org:443/a/b?c=d",
                "https://example.org:0443/a/b?c=d",
                "https://example.org:/a/b?c=d",
                "https://example.org./a/b?c=d",
                "https://example.org//a/b?c=d",
                "https://example.org/a//b?c=d",
                "https://example.org/a%2Fb?c=d",
                "https://example.org/a%2fb?c=d",
                "https://example.org/a%5Cb?c=d",
                "https://example.org/a\\b?c=d",
                "https://example.org/a/./b?c=d",
                "https://example.org/x/../a/b?c=d",
                "https://example.org/../a/b?c=d",
                "https://example.org/x/%2e%2E/a/b?c=d",
                "https://example.org/%61/b?c=d",
                "https://example.org/%2561/b?c=d",
                "https://example.org/a/b?c%3Dd",
                "https://user@example.org/a/b?c=d#e"
            })
    void spellingsHaveOneMeaning(String uri) {
        assertThat(ResourceUri.meaning(uri).replace("user@", ""))
                .isEqualTo(ResourceUri.meaning("https://example.org/a/b?c=d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "%", "//", "a", "?", "#", "x://:", "x://@:", "..", "x:/../.."})
    void anyTextHasAMeaning(String text) {
        assertThat(ResourceUri.meaning(text)).isNotNull();
        assertThat(ResourceUri.isCanonical(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test://template/{id}/data",
                "docs://{page}",
                "file:///{+path}",
                "file:///docs{/path*}",
                "search://notes{?q,limit}",
                "search://notes?a=1{&b}",
                "https://example.org{+path}",
                "https://example.org/{id}{#part}",
                "note://x{.format}",
                "str:{+text}",
                "users://{+user}@host/{id}"
            })
    void templatesAreJudgedAroundTheirVariables(String template) {
        assertThat(ResourceUri.isCanonicalTemplate(template)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs://Hr/{page}",
                "docs://hr//{page}",
                "docs://hr/%c3%a9/{page}",
                "docs://hr/a%2Fb/{page}",
                "https://example.org:443/{page}",
                "docs://hr/{page",
                "docs://hr/page}"
            })
    void noTemplateHasAnotherSpellingEither(String template) {
        assertThat(ResourceUri.isCanonicalTemplate(template)).isFalse();
    }

    @Test
    void theLongestHostileUriIsJudgedAtOnce() {
        var started = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(ResourceUri.isCanonical("x:" + "%25g".repeat(511))).isTrue();
            assertThat(ResourceUri.isCanonical("x:" + "%C3%A9".repeat(340) + "%C3")).isFalse();
            assertThat(ResourceUri.meaning("x:" + "../".repeat(682))).isEqualTo("x:");
        }
        assertThat(System.nanoTime() - started).isLessThan(2_000_000_000L);
    }
}
