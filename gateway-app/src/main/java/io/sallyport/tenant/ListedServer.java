package io.sallyport.tenant;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;

/** A server with all that the catalogue holds of it, whatever its status. */
public record ListedServer(McpServer server, ServerCatalog catalog) {}
