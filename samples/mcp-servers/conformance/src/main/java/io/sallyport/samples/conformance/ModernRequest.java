package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Exchange;
import tools.jackson.databind.JsonNode;

/** One request of the modern era, which says all about itself in {@code _meta}. */
record ModernRequest(Exchange exchange, JsonNode message) {

    static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

    JsonNode id() {
        return message.path("id");
    }

    String method() {
        return message.path("method").asString("");
    }

    JsonNode params() {
        return message.path("params");
    }

    JsonNode meta() {
        return params().path("_meta");
    }

    String version() {
        return meta().path(VERSION).asString("");
    }

    boolean isNotification() {
        return id().isMissingNode();
    }
}
