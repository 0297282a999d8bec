package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTextTest {
    @ParameterizedTest
    @CsvSource({
        "users://ann%40example.org/notes, users://ann%40example.org/notes, false",
        "users://all/ann%40example.org, users://all/ann@example.org, true",
        "note:///a%2Cb%3Bc, 'note:///a,b;c', true",
        "'calendar://events/2026-11-21T10%3A00', 'calendar://events/2026-11-21T10:00', true",
        "note:///a?b=c%2Fd%3Ae, note:///a?b=c/d:e, true",
        "note:///a?b=c%26d, note:///a?b=c&d, true",
        "note:///a%3ab, '', false",
        "note:///a%2Fb, '', false",
        "note:///a%3Fb, '', false",
        "note:///a%23b%2Cc, 'note:///a%23b,c', true",
        "note:///a%252Cb, '', false"
    })
    @DisplayName("AR-06 what clients encode for nothing is judged as if they had not")
    void whatNeedNotBeEncoded(String uri, String canonical, boolean isCanonical) {
        assertThat(ResourceUri.canonical(uri))
                .isEqualTo(isCanonical ? Optional.of(canonical) : Optional.empty());
    }
}
