package io.sallyport.bridge;

import io.sallyport.egress.Oversize;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a request to an upstream ended. Texts in it are the upstream's: never trusted, never logged.
 */
public sealed interface UpstreamReply {
    /**
     * A JSON-RPC result, as the upstream wrote it.
     *
     * @param size bytes of the message that carried it
     * @param mended whether U+FFFD stands in it for characters that were none
     */
    record Result(JsonNode result, int size, boolean mended) implements UpstreamReply {
        /** As the upstream wrote it, to the last character. */
        public Result(JsonNode result, int size) {
            this(result, size, false);
        }

        @Override
        public String toString() {
            return "Result[" + size + " bytes]";
        }
    }

    /**
     * The server asks before it goes on (MCP 2026-07-28, InputRequiredResult). What a 2025 server
     * asks in the middle of a request has the same shape here.
     *
     * @param result with {@code inputRequests}; its {@code requestState}, if any, is in {@code
     *     continuation} and nowhere else
     * @param continuation where the answers go
     * @param size bytes of the message that carried it
     */
    record InputRequired(JsonNode result, Continuation continuation, int size)
            implements UpstreamReply {
        @Override
        public String toString() {
            return "InputRequired[" + size + " bytes]";
        }
    }

    /**
     * A JSON-RPC error: an answer, whatever it says.
     *
     * @param message the server's words, empty if it said none; foreign text, as long as an answer
     *     may be, to be rendered before anybody sees it
     * @param data what the server added, if anything; foreign like the message
     */
    record RpcError(int code, String message, Optional<JsonNode> data) implements UpstreamReply {
        /** Without anything added. */
        public RpcError(int code, String message) {
            this(code, message, Optional.empty());
        }

        @Override
        public String toString() {
            return "RpcError[" + code + "]";
        }
    }

    /** The answer came and is longer than was asked for: it was not read to its end. */
    record TooLarge(Oversize oversize) implements UpstreamReply {}

    /**
     * No usable answer.
     *
     * @param sent whether the upstream may have seen the request; false only if it provably has not
     */
    record Failed(UpstreamFailure failure, boolean sent) implements UpstreamReply {}
}
