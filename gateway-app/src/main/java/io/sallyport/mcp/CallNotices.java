package io.sallyport.mcp;

import io.sallyport.bridge.LogLevels;
import io.sallyport.bridge.SessionListener;
import io.sallyport.bridge.UpstreamListener;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an upstream says while it works on a call, as far as the client asked to hear it. */
final class CallNotices implements UpstreamListener {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Channel channel;
    private final Optional<JsonNode> token;
    private final Optional<String> level;
    private final Optional<SessionListener> beyond;
    private double progress = Double.NEGATIVE_INFINITY;

    /**
     * @param token the client's own progress token
     * @param level from which the client wants log messages
     */
    CallNotices(Channel channel, Optional<JsonNode> token, Optional<String> level) {
        this.channel = channel;
        this.token = token;
        this.level = level;
        beyond = Optional.empty();
    }

    /**
     * The same in a session, which hears on when the call is over.
     *
     * @param token the client's own progress token
     */
    CallNotices(Channel channel, Optional<JsonNode> token, Session session) {
        this.channel = channel;
        this.token = token;
        level = session.logLevel();
        beyond = Optional.of(session);
    }

    @Override
    public Optional<SessionListener> beyond() {
        return beyond;
    }

    @Override
    public void notified(String method, JsonNode params) {
        switch (method) {
            case "notifications/progress" -> token.ifPresent(it -> progress(params, it));
            case "notifications/message" -> level.ifPresent(it -> log(params, it));
            default -> {
                // nothing that belongs to one request
            }
        }
    }

    /** Progress only ever grows (MCP, progress); what does not is dropped. */
    private synchronized void progress(JsonNode params, JsonNode clientToken) {
        var now = params.path("progress").asDouble(Double.NaN);
        if (now > progress) {
            progress = now;
            var ours = JSON.objectNode();
            params.properties().forEach(it -> ours.set(it.getKey(), it.getValue()));
            ours.set("progressToken", clientToken);
            channel.notice(notification("notifications/progress", ours));
        }
    }

    private void log(JsonNode params, String wanted) {
        if (isLoudEnough(params, wanted)) {
            channel.notice(notification("notifications/message", params));
        }
    }

    /** Whether a client that wants log messages from that level on wants this one. */
    static boolean isLoudEnough(JsonNode params, String wanted) {
        var level = params.path("level").asString("");
        return LogLevels.isLevel(level) && LogLevels.reaches(level, wanted);
    }

    static ObjectNode notification(String method, JsonNode params) {
        var message = JSON.objectNode().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return message;
    }

    @Override
    public void refused(String method) {
        // the gate's records are not this face's business
    }
}
