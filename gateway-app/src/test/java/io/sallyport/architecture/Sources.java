package io.sallyport.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The source texts of all rooms, by the simple names of their classes.
 *
 * @param tests texts of tests
 * @param holders classes that hold something in a concurrent map or queue, or in a pool
 */
record Sources(Map<String, String> tests, Set<String> holders) {
    private static final String[] ROOMS = {
        "json", "policy", "catalog", "audit", "mcp-bridge", "gateway-app"
    };

    /** What lives longer than a request is shared by threads, or is a pool. */
    private static final Pattern HOLDS =
            Pattern.compile(
                    "new (Concurrent|LinkedBlocking|ArrayBlocking|PriorityBlocking|CopyOnWrite"
                            + "|DelayQueue|LinkedTransfer|ThreadPool|ScheduledThreadPool)\\w*[<(]"
                            + "|newKeySet\\(|Executors\\.new|Collections\\.synchronized");

    static Sources read() {
        var tests = new TreeMap<String, String>();
        var holders = new TreeSet<String>();
        for (var room : ROOMS) {
            var source = Path.of("..", room, "src");
            each(source.resolve("test"), (name, text) -> tests.merge(name, text, String::concat));
            each(source.resolve("main"), (name, text) -> addHolder(holders, name, text));
        }
        return new Sources(tests, holders);
    }

    private static void addHolder(Set<String> holders, String name, String text) {
        if (HOLDS.matcher(text).find()) {
            holders.add(name);
        }
    }

    private interface Reader {
        void read(String name, String text);
    }

    private static void each(Path folder, Reader reader) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(it -> it.toString().endsWith(".java"))
                    .forEach(it -> reader.read(name(it), text(it)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is a test {@code Class#method}. */
    boolean hasTest(String test) {
        var parts = test.split("#");
        return parts.length == 2
                && tests.getOrDefault(parts[0], "").contains("void " + parts[1] + "(");
    }
}
