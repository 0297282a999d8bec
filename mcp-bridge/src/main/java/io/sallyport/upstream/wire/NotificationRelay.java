package io.sallyport.upstream.wire;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.LogLevels;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what comes for one request, and passes on the notifications that belong to it: its progress
 * and its log messages, which may come on two streams, one thread reading each.
 */
public final class NotificationRelay {
    private static final String PROGRESS = "notifications/progress";

    private final long token;
    private final Envelope envelope;
    private final Patience patience;
    private final Strays strays = new Strays();
    private final Pace pace = new Pace();
    private boolean over; // guarded by this

    public NotificationRelay(OutboundRequest asked) {
        this(asked.id(), asked.envelope(), asked.deadline());
    }

    /**
     * @param token of the progress that was asked for
     * @param deadline of the answer, if nothing is heard of progress
     */
    public NotificationRelay(long token, Envelope envelope, Deadline deadline) {
        this.token = token;
        this.envelope = envelope;
        this.patience = new Patience(deadline);
    }

    /** How long to wait for the answer. */
    public Patience patience() {
        return patience;
    }

    /**
     * Reads a message that came for the request.
     *
     * @param mended whether U+FFFD stands in it for bytes that came and were no UTF-8
     * @throws UpstreamException if there is no room for it
     */
    public RpcMessage read(byte[] bytes, boolean mended) {
        requireRoom(bytes);
        return RpcMessage.read(bytes, mended);
    }

    /**
     * The same, where several may have come as one list.
     *
     * @param mayBeBatch whether the revision has such lists
     */
    public List<RpcMessage> each(byte[] bytes, boolean mended, boolean mayBeBatch) {
        requireRoom(bytes);
        return RpcMessage.each(bytes, mended, mayBeBatch);
    }

    /**
     * @throws UpstreamException if there is no room for the message
     */
    public void requireRoom(byte[] utf8) {
        if (!envelope.listener().room().takesAnswer(utf8)) {
            throw new UpstreamException(UpstreamFailure.OVERLOADED, true);
        }
    }

    /**
     * What came for the request was not for it.
     *
     * @throws UpstreamException if there was too much of that
     */
    public void skip(int size) {
        strays.skip(size);
    }

    /** The request is answered: nobody hears of it any more. */
    public synchronized void end() {
        over = true;
    }

    /** Returns whether there is more time for the answer now. */
    public synchronized boolean notified(RpcMessage.Notification notification) {
        if (over || !isOurs(notification)) {
            return false;
        }
        var isMore =
                notification.method().equals(PROGRESS)
                        && patience.hears(notification.params().path("progress"));
        if (pace.allows()) {
            envelope.listener().notified(notification.method(), withoutToken(notification));
        }
        return isMore;
    }

    private boolean isOurs(RpcMessage.Notification notification) {
        var params = notification.params();
        return switch (notification.method()) {
            case PROGRESS -> envelope.progress() && isToken(params);
            case "notifications/message" -> isLoudEnough(params);
            default -> false;
        };
    }

    private boolean isToken(JsonNode params) {
        var sent = RpcMessage.id(params.path("progressToken"));
        return sent.isPresent() && sent.getAsLong() == token;
    }

    private boolean isLoudEnough(JsonNode params) {
        var level = params.path("level").asString("");
        return params.isObject()
                && envelope.logLevel()
                        .map(threshold -> LogLevels.reaches(level, threshold))
                        .orElse(true);
    }

    /** The tree was read for this one message: nobody else has it. */
    private static JsonNode withoutToken(RpcMessage.Notification notification) {
        return notification.params() instanceof ObjectNode params
                ? params.without("progressToken")
                : notification.params();
    }
}
