package io.sallyport.chat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
}
