package io.sallyport.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** What the gateway of this JVM writes to its log from now on, kept from the terminal. */
final class LogLines implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("\\S+ (INFO|WARN|ERROR) +\\S+ (.*)");

    /** What logback-test.xml keeps out of the output of tests. */
    private static final List<String> QUIET =
            List.of("io.sallyport.store.RecordLog", "io.sallyport.servers.ServerStates");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream terminal = System.out;

    private LogLines() {}

    static LogLines begin() {
        var lines = new LogLines();
        System.setOut(new PrintStream(lines.written, true, StandardCharsets.UTF_8));
        level(LogLevel.INFO);
        return lines;
    }

    private static void level(LogLevel level) {
        var logging = LoggingSystem.get(LogLines.class.getClassLoader());
        QUIET.forEach(it -> logging.setLogLevel(it, level));
    }

    /** Level and message of the lines with these texts. */
    List<String> with(String... texts) {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(LINE::matcher)
                .filter(it -> it.matches() && Stream.of(texts).allMatch(it.group(2)::contains))
                .map(it -> it.group(1) + " " + it.group(2))
                .toList();
    }

    /** The same once there is one: a line may come after the answer. */
    List<String> await(String... texts) {
        Awaitility.await().until(() -> !with(texts).isEmpty());
        return with(texts);
    }

    @Override
    public void close() {
        level(LogLevel.OFF);
        System.setOut(terminal);
    }
}
