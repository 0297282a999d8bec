package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "test://template/{id}/data,     test://template/1/data",
        "test://template/{id}/data,     test://template/a%2Fb/data",
        "file:///{+path},               file:///a/b/c.md",
        "file:///{+path},               file:///a?b=c",
        "file:///docs{/path*},          file:///docs/a/b/c",
        "file:///docs{/path*},          file:///docs",
        "file:///docs{/a},              file:///docs/x",
        "'file:///docs{/a,b}',          file:///docs/x/y",
        "db://{schema}/{table},         db://public/orders",
        "'x://{a,b}/c',                 'x://1,2/c'",
        "search://notes{?q},            search://notes",
        "search://notes{?q},            search://notes?q=",
        "search://notes{?q},            search://notes?q=a%20b",
        "'search://notes{?q,limit}',    search://notes?limit=3&q=a",
        "search://notes{?q*},           search://notes?any=thing",
        "search://notes?a=1{&b},        search://notes?a=1&b=2",
        "file:///x{.ext},               file:///x.md",
        "file:///x{;v},                 file:///x;v=1",
        "file:///x{#part},              file:///x#a/b",
        "file:///{name:8},              file:///short",
        "file:///{dir}/{name}.md,       file:///a/b.md",
        "note://today,                  note://today"
    })
    void aUriThatTheTemplateCanProduceMatches(String template, String uri) {
        assertThat(compiled(template).matches(uri)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "test://template/{id}/data,     test://template/1/2/data",
        "test://template/{id}/data,     test://template//data",
        "test://template/{id}/data,     test://template/1/data/more",
        "test://template/{id}/data,     test://template/1?x/data",
        "test://template/{id}/data,     test://Template/1/data",
        "test://template/{id}/data,     xtest://template/1/data",
        "file:///{+path},               file:///",
        "file:///docs{/path*},          file:///docsx",
        "file:///docs{/path*},          file:///docs/a?b",
        "file:///docs{/a},              file:///docs/x/y",
        "search://notes{?q},            search://notes?other=1",
        "search://notes{?q},            search://notes?q=1&other=2",
        "search://notes{?q},            search://notesq=1",
        "file:///a.c,                   file:///abc"
    })
    void anyOtherUriDoesNot(String template, String uri) {
        assertThat(compiled(template).matches(uri)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x://{",
                "x://}",
                "x://{}",
                "x://{a",
                "x://a}",
                "x://{a}}",
                "x://{{a}}",
                "x://{a b}",
                "x://{!a}",
                "x://{=a}",
                "x://{a,}",
                "x://{?}",
                "x://{a:0}",
                "x://{a:12345}",
                "x://{a**}",
                "x://{(a+)+}"
            })
    void whatIsNoTemplateIsRefused(String template) {
        assertThat(ResourceTemplate.compile(template)).isEmpty();
    }

    @Test
    void hasAtMost32VariablesAnd2048Characters() {
        assertThat(ResourceTemplate.compile("x:" + "{a}".repeat(32))).isPresent();
        assertThat(ResourceTemplate.compile("x:" + "{a}".repeat(33))).isEmpty();
        assertThat(ResourceTemplate.compile("x:" + "a".repeat(2_047))).isEmpty();
    }

    @Test
    void theWorstTemplateAndUriCostMilliseconds() {
        var template = compiled("x:" + "{+a}".repeat(32) + "!");
        var started = System.nanoTime();
        assertThat(template.matches("x:" + "a".repeat(2_046))).isFalse();
        assertThat(System.nanoTime() - started).isLessThan(1_000_000_000L);
    }

    private static ResourceTemplate compiled(String template) {
        return ResourceTemplate.compile(template).orElseThrow();
    }
}
