package io.sallyport.settings;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.NotEmpty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings in docs/reference/configuration.md are written from the records. If they differ, the
 * page as it has to be is in target/configuration.md.
 */
class SettingsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "configuration.md");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String BEGIN = "<!-- settings: written by SettingsPageTest -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @Test
    void thePageSaysOfEachSettingWhatItsRecordSays() throws IOException {
        var page = Files.readString(PAGE);
        var begin = page.indexOf(BEGIN) + BEGIN.length();
        var written = page.substring(0, begin) + settings() + page.substring(page.indexOf(END));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "configuration.md"), written);

        assertThat(page).isEqualTo(written);
    }

    private static String settings() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(SettingsPageTest::isOfSettings)
                    .map(SettingsPageTest::type)
                    .sorted(Comparator.comparing(SettingsPageTest::prefix))
                    .map(SettingsPageTest::group)
                    .collect(Collectors.joining());
        }
    }

    private static boolean isOfSettings(Path file) {
        return file.toString().endsWith(".java")
                && text(file).contains("\n@ConfigurationProperties(");
    }

    private static Class<?> type(Path file) {
        var name = SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String prefix(Class<?> type) {
        return type.getAnnotation(ConfigurationProperties.class).value();
    }

    private static String group(Class<?> type) {
        var javadoc = javadoc(type);
        var rows =
                Arrays.stream(canonical(type).getParameters())
                        .map(it -> row(type, it, javadoc))
                        .collect(Collectors.joining());
        return "\n### "
                + prefix(type)
                + "\n\n"
                + javadoc.substring(0, javadoc.indexOf(" @param"))
                + "\n\n| key | default | rule | what |\n|---|---|---|---|\n"
                + rows;
    }

    private static Constructor<?> canonical(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(it -> it.getParameterCount() == type.getRecordComponents().length)
                .findFirst()
                .orElseThrow();
    }

    private static String row(Class<?> type, Parameter parameter, String javadoc) {
        var said =
                Pattern.compile(" @param " + parameter.getName() + " (.*?)(?= @param|$)")
                        .matcher(javadoc);
        assertThat(said.find()).as(type + " describes " + parameter.getName()).isTrue();
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        Key.dashed(parameter.getName()),
                        preset(parameter),
                        rule(type, parameter.getName()),
                        said.group(1));
    }

    private static String preset(Parameter parameter) {
        var preset = parameter.getAnnotation(DefaultValue.class);
        return preset == null || preset.value().length == 0
                ? "none"
                : "`" + String.join("`, `", preset.value()) + "`";
    }

    private static String rule(Class<?> type, String component) {
        try {
            var field = type.getDeclaredField(component);
            var within = field.getAnnotation(Within.class);
            if (within != null) {
                return within.min() + " to " + within.max();
            }
            var address = field.isAnnotationPresent(WebAddress.class);
            return field.isAnnotationPresent(NotEmpty.class)
                    ? "at least one"
                    : address ? "like `https://gateway.example`" : "";
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    /** In one line, with code as in Markdown. */
    private static String javadoc(Class<?> type) {
        var file = SOURCES.resolve(type.getName().replace('.', '/') + ".java");
        var text = text(file);
        var comment = text.substring(text.indexOf("\n/**\n"), text.indexOf("\n */\n"));
        return Stream.of(comment.split("\n"))
                .map(it -> it.replaceFirst("^(/\\*\\*| \\*)", "").strip())
                .filter(it -> !it.isEmpty())
                .collect(Collectors.joining(" "))
                .replaceAll("\\{@code ([^}]*)}", "`$1`");
    }
}
