package io.sallyport.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.admin.ImportedServer.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ImportedServerTest {
    private static final Asked NOTHING = new Asked(false, false);
    private static final Asked ALL = new Asked(true, true);

    private static ImportedServer entry(String members) {
        var file = "{\"servers\":{\"notes\":{" + members + "}}}";
        return ImportedServer.in(new JsonMapper().readTree(file)).getFirst();
    }

    /** A file that somebody passed on starts nothing, unless the admin asks for it. */
    @Test
    void aProfileOfTheFileIsTakenOnlyIfItIsAskedFor() {
        var entry = entry("\"profile\":\"standard\"");

        assertThat(entry.registration(ALL).path("profile").asString()).isEqualTo("standard");
        assertThat(entry.ignored(ALL)).isEmpty();
        for (var asked : new Asked[] {NOTHING, new Asked(true, false)}) {
            assertThatThrownBy(() -> entry.registration(asked))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("profiles=named");
            assertThat(entry.ignored(asked)).containsExactly("profile");
        }
    }

    /** Nothing has an effect that is ignored, and nothing is ignored that has one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "url":"U","profile":"p"                       | slug,url            | profile
                    "profile":"p","headers":{"Authorization":"x"} | slug,profile        | headers
                    "url":"U","headers":{"A":"x","B":"y"}         | slug,url,credential | headers/B
                    "url":"U","httpUrl":"V","profile":"p"         | slug,url            | httpUrl,profile
                    """)
    void whatIsNotTakenIsNamed(String members, String taken, String ignored) {
        var entry = entry(members);

        assertThat(entry.registration(ALL).propertyNames()).containsExactly(taken.split(","));
        assertThat(entry.ignored(ALL)).containsExactlyInAnyOrder(ignored.split(","));
    }
}
