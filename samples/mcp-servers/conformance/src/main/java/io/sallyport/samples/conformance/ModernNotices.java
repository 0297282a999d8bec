package io.sallyport.samples.conformance;

import tools.jackson.databind.JsonNode;

/** Tells what this very request asked to be told, on its own stream. */
record ModernNotices(JsonNode meta, Reply reply) implements Notices {

    @Override
    public void progress(int done, int total) {
        meta.optional("progressToken")
                .ifPresent(token -> reply.send(Notifications.progress(token, done, total)));
    }

    @Override
    public void log(String level, String text) {
        meta.optional(ModernRequest.LOG_LEVEL)
                .filter(wanted -> LogLevel.isWanted(level, wanted.asString("")))
                .ifPresent(wanted -> reply.send(Notifications.log(level, text)));
    }

    /** This era has no resumption. */
    @Override
    public void disconnect() {}
}
