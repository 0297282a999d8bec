package io.sallyport.mcp;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.identity.Caller;

/**
 * Where a message came in, and from whom.
 *
 * @param room where answers of servers count
 */
record McpRequestContext(
        Endpoint endpoint, String path, Caller caller, McpHeaders headers, AnswerRoom room) {}
