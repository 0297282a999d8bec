package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for whatever is asked for as a resource. */
class ResourceUriFuzzTest {
    private static final FuzzInputs URIS =
            FuzzInputs.of(
                    List.of(
                            "file:///docs/a/b.md",
                            "https://user@example.com:8443/a;p=1/b?q=1+2&r=%2F#f",
                            "note://1?x=%20",
                            "mem:caf\u00e9/%C3%A9",
                            "https://[::1]/a/{b}{?c}"),
                    List.of(
                            "../",
                            "/./",
                            "%2e%2e/",
                            "%252e",
                            "//",
                            "\\",
                            ";a=b",
                            "?",
                            "#",
                            "@",
                            "%ff",
                            "%",
                            "\uff0e\uff0f",
                            "\u2024",
                            "xn--",
                            ":443",
                            "[",
                            "]",
                            "{a}"));

    @Test
    void holdsForTextsFromASeed() {
        URIS.check(getClass(), this::aCanonicalUriHasOneSpelling);
    }

    @FuzzTest
    void aCanonicalUriHasOneSpelling(byte[] input) {
        var uri = FuzzInputs.text(input);
        var readings = ResourceUri.readings(uri);
        assertThat(readings).hasSizeBetween(1, 40);
        assertThat(ResourceUri.meaning(uri)).isEqualTo(ResourceUri.meaning(uri));
        assertThat(ResourceUri.isCanonicalTemplate(uri) && !ResourceUri.mayBeAskedFor(uri))
                .isFalse();
        var canonical = ResourceUri.canonical(uri);
        canonical.ifPresent(it -> {
            assertThat(ResourceUri.mayBeAskedFor(uri)).isTrue();
            assertThat(ResourceUri.canonical(it)).contains(it);
            assertThat(ResourceUri.meaning(it)).isEqualTo(ResourceUri.meaning(uri));
        });
        if (ResourceUri.mayBeAskedFor(uri)) {
            assertThat(readings).contains(uri);
            assertThat(uri).hasSizeLessThanOrEqualTo(ResourceUri.MAX_LENGTH).doesNotContain("/../");
        }
    }
}
