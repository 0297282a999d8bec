package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/concepts/the-gate.md and the gate's own method are one list. */
class GatePageTest {
    private static final Path PAGE = Path.of("..", "docs", "concepts", "the-gate.md");
    private static final Path GATE =
            Path.of("src", "main", "java", "io", "sallyport", "gate", "GovernedGate.java");

    private static List<String> found(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .map(it -> it.replaceAll("[|/]", "").strip())
                .flatMap(it -> List.of(it.split(", ")).stream())
                .toList();
    }

    @Test
    void theStepsAreTheSameInTheSameOrder() throws IOException {
        var steps = found(PAGE, "^\\| [0-9]+ [a-z]+ \\|");

        assertThat(steps).hasSize(10);
        assertThat(found(GATE, "// [0-9]+ .*$")).isEqualTo(steps);
    }
}
