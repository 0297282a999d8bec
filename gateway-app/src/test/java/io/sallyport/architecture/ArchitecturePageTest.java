package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md names files and classes that are there. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FILE = Pattern.compile("`([a-z/]*[A-Z]\\w*\\.java)`");
    private static final int SHORTEST_WALK = 20;

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(it -> "/" + ROOT.relativize(it).toString().replace('\\', '/'))
                    .filter(it -> it.contains("/src/main/java/") && it.endsWith(".java"))
                    .toList();
        }
    }

    @Test
    void everyFileThatIsNamedExists() throws IOException {
        var named =
                FILE.matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")))
                        .results()
                        .map((MatchResult it) -> "/" + it.group(1))
                        .toList();
        var sources = sources();

        assertThat(named).hasSizeGreaterThan(SHORTEST_WALK);
        assertThat(named)
                .allMatch(it -> sources.stream().anyMatch(file -> file.endsWith(it)), "exists");
    }
}
