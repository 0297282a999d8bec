package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A package holds one notion, which one sentence can say; one with "and" in it says two. */
class PackageNotionTest {
    private static final String[] ROOMS = {
        "json", "policy", "catalog", "audit", "mcp-bridge", "gateway-app"
    };

    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern SENTENCE = Pattern.compile("[A-Z].*[^.;!?]\\.");
    private static final Pattern SEVERAL = Pattern.compile("[.;!?]\\s|\\b[Aa]nd\\b|<p>");

    static Stream<Path> packages() {
        return Stream.of(ROOMS)
                .flatMap(it -> files(Path.of("..", it, "src", "main", "java")).stream());
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(it -> it.endsWith("package-info.java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("packages")
    void saysItsNotionInOneSentence(Path file) throws IOException {
        assertThat(said(Files.readString(file))).matches(PackageNotionTest::isOneNotion);
    }

    private static String said(String file) {
        return COMMENT.matcher(file)
                .results()
                .map(it -> it.group(1).replaceAll("\\s*\\n\\s*\\*", "").strip())
                .findFirst()
                .orElse("");
    }

    private static boolean isOneNotion(String said) {
        return SENTENCE.matcher(said).matches() && !SEVERAL.matcher(said).find();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no sentence",
                "What comes and what goes.",
                "One thing. And another.",
                "One thing; another."
            })
    void twoNotionsAreFound(String said) {
        assertThat(isOneNotion(said)).isFalse();
    }

    @Test
    void thereArePackages() {
        assertThat(packages()).hasSizeGreaterThan(ROOMS.length);
    }
}
