package io.sallyport.bridge.wire;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.LogLevels;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Passes on the notifications that belong to one request: its progress and its log messages. Not
 * thread-safe: a stream is read by one thread at a time.
 */
public final class Hearing {
    /** More than a person or a client can follow; what is beyond is dropped. */
    private static final int MOST_PER_SECOND = 1_000;

    private final long token;
    private final Envelope envelope;
    private long second = System.nanoTime();
    private int heard;

    public Hearing(Asked asked) {
        this(asked.id(), asked.envelope());
    }

    /**
     * @param token of the progress that was asked for
     */
    public Hearing(long token, Envelope envelope) {
        this.token = token;
        this.envelope = envelope;
    }

    /**
     * Reads a message that came for the request.
     *
     * @throws UpstreamFault if it is none, or if there is no room for it
     */
    public RpcMessage read(byte[] utf8) {
        requireRoom(utf8);
        return RpcMessage.read(utf8);
    }

    /**
     * @throws UpstreamFault if there is no room for the message
     */
    public void requireRoom(byte[] utf8) {
        if (!envelope.listener().room().takesAnswer(utf8)) {
            throw new UpstreamFault(UpstreamFailure.OVERLOADED, true);
        }
    }

    public void notified(RpcMessage.Notification notification) {
        if (isOurs(notification) && isBearable()) {
            envelope.listener().notified(notification.method(), withoutToken(notification));
        }
    }

    private boolean isOurs(RpcMessage.Notification notification) {
        var params = notification.params();
        return switch (notification.method()) {
            case "notifications/progress" -> envelope.progress() && isToken(params);
            case "notifications/message" -> isLoudEnough(params);
            default -> false;
        };
    }

    private boolean isToken(JsonNode params) {
        var sent = params.path("progressToken");
        return sent.isIntegralNumber() && sent.asString().equals(Long.toString(token));
    }

    private boolean isLoudEnough(JsonNode params) {
        var level = params.path("level").asString("");
        return params.isObject()
                && envelope.logLevel()
                        .map(threshold -> LogLevels.reaches(level, threshold))
                        .orElse(true);
    }

    private boolean isBearable() {
        long now = System.nanoTime();
        if (now - second >= TimeUnit.SECONDS.toNanos(1)) {
            second = now;
            heard = 0;
        }
        return ++heard <= MOST_PER_SECOND;
    }

    /** The tree was read for this one message: nobody else has it. */
    private static JsonNode withoutToken(RpcMessage.Notification notification) {
        return notification.params() instanceof ObjectNode params
                ? params.without("progressToken")
                : notification.params();
    }
}
