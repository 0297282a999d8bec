package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is refused finds the code, and what to do, in docs/guides/when-it-does-not-work.md. */
class TroublePageTest {
    private static final Path PAGE = Path.of("..", "docs", "guides", "when-it-does-not-work.md");

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAnEntry(Reason reason) throws IOException {
        assertThat(Files.readString(PAGE))
                .as("an entry of docs/guides/when-it-does-not-work.md for " + reason.code())
                .contains("`" + reason.code() + "`");
    }
}
