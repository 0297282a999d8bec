package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceUriTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///docs/a.md",
                "test://static-text",
                "test://template/{id}/data",
                "file:///{+path}",
                "note:today",
                "https://example.com:8443/a/b?x=1&y=a%2Fb#part",
                "postgres://reader@db.example/orders/schema",
                "memo://Insights/...three-dots",
                "file:///docs/my%20notes.md",
                "note:///日本",
                "note:///caf%C3%A9",
                "x://a/..b/.c/d..",
                "x://rate/100%25"
            })
    void mayBeAskedFor(String uri) {
        assertThat(ResourceUri.mayBeAskedFor(uri)).isTrue();
    }

    @DisplayName("AR-06 a URI that could mean the same as another text is refused")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///docs/../etc/passwd",
                "file:///docs/%2e%2e/etc/passwd",
                "file:///docs/%2E%2E/etc/passwd",
                "file:///docs/.%2e/etc/passwd",
                "file:///docs/..%2fetc/passwd",
                "file:///docs%2f..%2fetc/passwd",
                "file:///docs/%252e%252e/etc/passwd",
                "file:///docs/%25252e%25252e/etc/passwd",
                "file:///docs/%2525252525252e%2525252525252e/etc",
                "FILE:///docs/x",
                "File:///docs/x",
                "file:///docs/..%5c..%5cetc",
                "file:///docs/..%5C..%5Cetc",
                "file:///docs/..\\..\\etc",
                "file:///docs\\x",
                "file:///docs/./x",
                "file:///docs/..",
                "file:///docs/..?x",
                "file:///docs/..;v=1/x",
                "x:..",
                "x://a?path=../b",
                "file:///%64ocs/x",
                "file:///docs/a%00.md",
                "file:///docs/a%0d%0aX",
                "file:///docs/a%7F",
                "file:///docs/a\u0000",
                "file:///docs/a\nb",
                "file:///docs/a\u202eb",
                "file:///docs/a\u200bb",
                "file:///docs/a b",
                " file:///docs/a",
                "file:///docs/%",
                "file:///docs/%2",
                "file:///docs/%zz",
                "postgres://reader:secret@db.example/orders",
                "postgres://a@b:secret@db.example/orders",
                "docs/a.md",
                "/etc/passwd",
                "//host/x",
                "file:",
                "{+uri}",
                ""
            })
    void mayNotBeAskedFor(String uri) {
        assertThat(ResourceUri.mayBeAskedFor(uri)).isFalse();
    }

    @Test
    void hasAtMost2048Characters() {
        assertThat(ResourceUri.mayBeAskedFor("x:" + "a".repeat(2_046))).isTrue();
        assertThat(ResourceUri.mayBeAskedFor("x:" + "a".repeat(2_047))).isFalse();
    }

    @Test
    void theLongestHostileUriIsJudgedAtOnce() {
        var started = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(ResourceUri.mayBeAskedFor("x:%" + "25".repeat(1_000))).isFalse();
            assertThat(ResourceUri.mayBeAskedFor("x:" + "a:@".repeat(682))).isTrue();
        }
        assertThat(System.nanoTime() - started).isLessThan(2_000_000_000L);
    }
}
