package io.sallyport.chat;

import io.sallyport.policy.ToolRef;
import io.sallyport.provider.ModelFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The one place of this face that logs: ids and classes, never messages, which may quote content.
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static void log(String requestId, Throwable failure) {
        var frames = failure.getStackTrace();
        LOG.error(
                "chat request {} failed: {} at {}",
                requestId,
                failure.getClass().getName(),
                frames.length == 0 ? "unknown" : frames[0]);
    }

    /** A provider gave no answer. Its words may quote the conversation, arguments included. */
    static void log(String requestId, ModelFailure failure) {
        of(failure).log("chat request {}: {} ({})", requestId, failure.summary(), failure.code());
    }

    /** A provider does not take a tool. */
    static void logLeftOut(String requestId, String tool, ModelFailure failure) {
        of(failure)
                .log(
                        "chat request {}: the model provider refuses tool {}, which is left out",
                        requestId,
                        tool);
    }

    /** A tool's schema is foreign, and what is written of it may quote it. */
    static void logUnwritten(ToolRef tool, Throwable failure) {
        var frames = failure.getStackTrace();
        LOG.error(
                "tool {} cannot be written for models and is left out: {} at {}",
                tool,
                failure.getClass().getName(),
                frames.length == 0 ? "unknown" : frames[0]);
    }

    /** A request goes on with the run of another one, or gets its answer. */
    static void logRepeats(String requestId, String run) {
        LOG.info("chat request {} repeats run {}", requestId, run);
    }

    /** What a run has done so far is not kept. */
    static void logUnkept(String run, Throwable failure) {
        LOG.warn("run {} is not kept: {}", run, failure.getClass().getSimpleName());
    }

    /** Requests that wait for runs look for themselves. */
    static void logUnwatched(Exception failure) {
        LOG.warn("runs are not watched: {}", failure.getClass().getSimpleName());
    }

    static void logStopping() {
        LOG.info("the gateway stops; what a run has done last is not kept");
    }

    /** With what the provider said; what it did not say is not in the line. */
    private static LoggingEventBuilder of(ModelFailure failure) {
        var said = failure.said();
        var line = LOG.atWarn();
        add(line, "status", said.status() == 0 ? "" : Integer.toString(said.status()));
        add(line, "type", said.type());
        add(line, "code", said.code());
        add(line, "param", said.param());
        return line;
    }

    private static void add(LoggingEventBuilder line, String field, String value) {
        if (!value.isEmpty()) {
            var _ = line.addKeyValue(field, value);
        }
    }
}
