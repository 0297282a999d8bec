package io.sallyport.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads the case files of the tests; a member that no test looks at is an error. */
final class YamlCases {
    private YamlCases() {}

    /** Returns what {@code cases} finds in each file of {@code folder}, by name of the file. */
    static <T> Stream<T> files(String folder, Function<Entry, Stream<T>> cases) {
        try (var files = Files.list(folder(folder))) {
            return files.sorted().toList().stream().map(YamlCases::load).flatMap(cases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String name) {
        try {
            return Path.of(Objects.requireNonNull(YamlCases.class.getResource("/" + name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Entry load(Path file) {
        try {
            var load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
            var name = file.getFileName().toString().replace(".yaml", "");
            return new Entry(name, map(load.loadFromString(Files.readString(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** One mapping of a case file. */
    record Entry(String file, Map<String, Object> members) {
        Entry only(String... known) {
            if (!Set.of(known).containsAll(members.keySet())) {
                throw new IllegalArgumentException(file + ": unknown member in " + members);
            }
            return this;
        }

        boolean has(String name) {
            return members.containsKey(name);
        }

        String text(String name) {
            return (String) Objects.requireNonNull(members.get(name), file + ": " + name);
        }

        String text(String name, String otherwise) {
            return has(name) ? text(name) : otherwise;
        }

        int number(String name) {
            return (Integer) Objects.requireNonNull(members.get(name), file + ": " + name);
        }

        @SuppressWarnings("unchecked")
        List<String> texts(String name) {
            return (List<String>) members.getOrDefault(name, List.of());
        }

        Entry entry(String name) {
            return new Entry(file, map(Objects.requireNonNull(members.get(name), file)));
        }

        @SuppressWarnings("unchecked")
        Stream<Entry> entries(String name) {
            return ((List<Object>) members.getOrDefault(name, List.of()))
                    .stream().map(one -> new Entry(file, map(one)));
        }
    }
}
