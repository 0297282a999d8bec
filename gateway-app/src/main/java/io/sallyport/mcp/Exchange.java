package io.sallyport.mcp;

import io.sallyport.identity.Caller;

/** Where a message came in, and from whom. */
record Exchange(Endpoint endpoint, String path, Caller caller, McpHeaders headers) {}
