/** Registered MCP servers: probing, listing, refreshing, and the connections to them. */
@NullMarked
package io.sallyport.servers;

import org.jspecify.annotations.NullMarked;
