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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ARCHITECTURE.md names files and classes that are there. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FILE = Pattern.compile("`([a-z/]*[A-Z]\\w*\\.java)`");
    private static final Pattern STATION =
            Pattern.compile("^\\| (?:\\d+–)?(\\d+) \\|", Pattern.MULTILINE);
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

    /** Each station does something to the call: one that only hands it on has to go. */
    @ParameterizedTest
    @CsvSource({"The way of one `tools/call`, 15", "The way of one chat run, 20"})
    void aWayHasFewStations(String heading, int most) throws IOException {
        var page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        var way = page.split("## " + Pattern.quote(heading))[1].split("\n## ")[0];
        var stations =
                STATION.matcher(way).results().map(it -> Integer.valueOf(it.group(1))).toList();

        assertThat(stations).hasSizeGreaterThan(10);
        assertThat(stations.getLast()).isLessThanOrEqualTo(most);
    }
}
