package io.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares the constants that bound something with the numbers that the page gives. */
final class Bound {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.sallyport");

    /** A number, its thousands apart, and perhaps a unit. */
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,3}(?: \\d{3})+|\\d+)(?: (KiB|MiB|GiB|ms|s|min|h|days?)\\b)?");

    private static final Map<String, Long> BYTES =
            Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private static final Map<String, Duration> TIMES =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "min", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "day", Duration.ofDays(1),
                    "days", Duration.ofDays(1));

    private Bound() {}

    /**
     * What is wrong with a row.
     *
     * @param where {@code Class.CONSTANT}, the class with as much of its package as it needs
     * @param text the row's bound
     */
    static Optional<String> fault(String where, String text) {
        var type = where.substring(0, where.lastIndexOf('.'));
        var found = classes(type);
        if (found.size() != 1) {
            return Optional.of(where + ": " + found.size() + " classes of that name");
        }
        var constant = where.substring(where.lastIndexOf('.') + 1);
        try {
            var field = found.getFirst().reflect().getDeclaredField(constant);
            field.setAccessible(true);
            return isIn(field.get(null), constant, text)
                    ? Optional.empty()
                    : Optional.of(where + " is " + field.get(null) + ", the page says " + text);
        } catch (NoSuchFieldException | IllegalAccessException e) {
            return Optional.of(where + ": no such constant");
        }
    }

    private static List<JavaClass> classes(String name) {
        return CLASSES.stream()
                .filter(it -> ("." + it.getName().replace('$', '.')).endsWith("." + name))
                .toList();
    }

    private static boolean isIn(Object value, String constant, String text) {
        var quantities = quantities(text);
        return switch (value) {
            case Duration time -> quantities.contains(time);
            case Number number ->
                    quantities.contains(number.longValue())
                            || quantities.contains(time(constant, number.longValue()));
            default -> false;
        };
    }

    /** A number that is a time by the name of its constant. */
    private static Object time(String constant, long number) {
        var unit = constant.substring(constant.lastIndexOf('_') + 1);
        return switch (unit) {
            case "NANOS" -> Duration.ofNanos(number);
            case "MILLIS" -> Duration.ofMillis(number);
            case "SECONDS" -> Duration.ofSeconds(number);
            default -> number;
        };
    }

    private static Set<Object> quantities(String text) {
        return QUANTITY.matcher(text).results().map(Bound::quantity).collect(Collectors.toSet());
    }

    private static Object quantity(MatchResult match) {
        long number = Long.parseLong(match.group(1).replace(" ", ""));
        var unit = match.group(2);
        if (unit == null) {
            return number;
        }
        return TIMES.containsKey(unit)
                ? TIMES.get(unit).multipliedBy(number)
                : (Object) (Objects.requireNonNull(BYTES.get(unit)) * number);
    }
}
