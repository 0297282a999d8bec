package io.sallyport.acceptance;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the gateway of this JVM writes to its log from now on. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final List<String> QUIET =
            List.of("io.sallyport.store.RecordLog", "io.sallyport.servers.ServerStates");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.sallyport");

    private LogLines() {}

    static LogLines begin() {
        var lines = new LogLines();
        lines.setContext(lines.logger.getLoggerContext());
        lines.start();
        lines.logger.addAppender(lines);
        level(Level.INFO);
        return lines;
    }

    /** What logback-test.xml keeps out of the output of tests. */
    private static void level(Level level) {
        QUIET.forEach(it -> ((Logger) LoggerFactory.getLogger(it)).setLevel(level));
    }

    /** As the terminal shows them, without time and logger. */
    @Override
    protected void append(ILoggingEvent event) {
        var fields = event.getKeyValuePairs();
        lines.add(
                event.getLevel()
                        + " "
                        + event.getFormattedMessage()
                        + (fields == null ? "" : " " + fields));
    }

    List<String> with(String text) {
        return lines.stream().filter(it -> it.contains(text)).toList();
    }

    @Override
    public void close() {
        level(Level.OFF);
        logger.detachAppender(this);
        stop();
    }
}
